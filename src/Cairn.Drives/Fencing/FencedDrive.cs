using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Fencing;

/// <summary>A drive of this node behind the fence that all its drives share.</summary>
/// <remarks>
/// A call in the name of no epoch counts as one of epoch 0, of layouts that never changed.
/// What decides is fenced: accepts, promises, reads and listings. Everything else (shards that nobody names yet, commits
/// of what is chosen, journals) changes no decision, whoever asks for it.
/// Callers of a layout that is not the newest any more are not told that removals are committed: what they do not know to
/// be committed they do not forget (Forgetting), and they do not know which drives may still hold what it removed. Calling
/// a committed value pending costs a reader a round trip, and nothing else.
/// </remarks>
public sealed class FencedDrive(IDrive inner, EpochFence fence) : DelegatingDrive(inner)
{
    private volatile Caller? _latest;

    /// <summary>Offline until the fence is open: nobody is to count on a drive that would refuse.</summary>
    public override DriveState State => fence.IsOpen ? Inner.State : DriveState.Offline;

    public override IDrive At(long epoch)
    {
        Caller? latest = _latest;
        if (latest?.Epoch != epoch)
        {
            _latest = latest = new Caller(this, Inner.At(epoch), fence, epoch);
        }

        return latest;
    }

    public override ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken) => At(0).AcceptAsync(request, cancellationToken);

    public override ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        At(0).PrepareAsync(key, ballot, slot, cancellationToken);

    public override ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        At(0).ReadAsync(key, slot, withInline, cancellationToken);

    public override ValueTask<DriveResult<ListReply>> ListAsync(
        ListRequest request, CancellationToken cancellationToken) => At(0).ListAsync(request, cancellationToken);

#pragma warning disable CA2215 // Not owned: a drive that has left the layout still keeps its node's vote.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215

    private sealed class Caller(FencedDrive drive, IDrive inner, EpochFence fence, long epoch) : DelegatingDrive(inner)
    {
        public long Epoch => epoch;

        public override DriveState State => drive.State;

        public override ValueTask<DriveResult<AcceptReply>> AcceptAsync(
            AcceptRequest request, CancellationToken cancellationToken) =>
            PassAsync(() => Inner.AcceptAsync(request, cancellationToken));

        public override ValueTask<DriveResult<PrepareReply>> PrepareAsync(
            RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
            PassAsync(() => Inner.PrepareAsync(key, ballot, slot, cancellationToken));

        public override ValueTask<DriveResult<RegisterView>> ReadAsync(
            RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
        {
            ValueTask<DriveResult<RegisterView>> read =
                PassAsync(() => Inner.ReadAsync(key, slot, withInline, cancellationToken));
            return fence.Newest > epoch ? KeepRemovalsAsync(read) : read;
        }

        public override ValueTask<DriveResult<ListReply>> ListAsync(
            ListRequest request, CancellationToken cancellationToken) =>
            PassAsync(() => Inner.ListAsync(request, cancellationToken));

        private static async ValueTask<DriveResult<RegisterView>> KeepRemovalsAsync(
            ValueTask<DriveResult<RegisterView>> pending)
        {
            DriveResult<RegisterView> read = await pending;
            return read.IsOk
                ? read.Value with
                {
                    Entries = [.. read.Value.Entries.Select(
                        entry => entry.IsRemoved ? entry with { IsCommitted = false } : entry)],
                }
                : read;
        }

        private async ValueTask<DriveResult<T>> PassAsync<T>(Func<ValueTask<DriveResult<T>>> call)
        {
            if (!fence.TryEnter(epoch))
            {
                return DriveFault.Fenced;
            }

            try
            {
                return await call();
            }
            finally
            {
                fence.Exit(epoch);
            }
        }
    }
}

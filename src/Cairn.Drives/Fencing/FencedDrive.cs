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
            PassAsync(
                static (drive, call) => drive.AcceptAsync(call.request, call.cancellationToken),
                (request, cancellationToken));

        public override ValueTask<DriveResult<PrepareReply>> PrepareAsync(
            RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
            PassAsync(
                static (drive, call) => drive.PrepareAsync(call.key, call.ballot, call.slot, call.cancellationToken),
                (key, ballot, slot, cancellationToken));

        public override ValueTask<DriveResult<RegisterView>> ReadAsync(
            RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
        {
            ValueTask<DriveResult<RegisterView>> read = PassAsync(
                static (drive, call) => drive.ReadAsync(call.key, call.slot, call.withInline, call.cancellationToken),
                (key, slot, withInline, cancellationToken));
            return read.IsCompletedSuccessfully && fence.Newest <= epoch ? read : KeepRemovalsAsync(read);
        }

        public override ValueTask<DriveResult<ListReply>> ListAsync(
            ListRequest request, CancellationToken cancellationToken) =>
            PassAsync(
                static (drive, call) => drive.ListAsync(call.request, call.cancellationToken),
                (request, cancellationToken));

        // Looked at after the reading: a newer layout may have been met while it went on.
        private async ValueTask<DriveResult<RegisterView>> KeepRemovalsAsync(
            ValueTask<DriveResult<RegisterView>> pending)
        {
            DriveResult<RegisterView> read = await pending;
            return read.IsOk && fence.Newest > epoch
                ? read.Value with
                {
                    Entries = [.. read.Value.Entries.Select(
                        entry => entry.IsRemoved ? entry with { IsCommitted = false } : entry)],
                }
                : read;
        }

        // The arguments by their side: every call to a drive passes here, and a closure would cost each of them memory.
        private ValueTask<DriveResult<T>> PassAsync<T, TCall>(
            Func<IDrive, TCall, ValueTask<DriveResult<T>>> send, TCall call)
        {
            if (!fence.TryEnter(epoch))
            {
                return new ValueTask<DriveResult<T>>(DriveFault.Fenced);
            }

            bool isUnderWay = false;
            try
            {
                ValueTask<DriveResult<T>> answer = send(Inner, call);
                isUnderWay = !answer.IsCompleted;
                return isUnderWay ? EndAsync(answer) : answer;
            }
            finally
            {
                if (!isUnderWay)
                {
                    fence.Exit(epoch);
                }
            }
        }

        private async ValueTask<DriveResult<T>> EndAsync<T>(ValueTask<DriveResult<T>> answer)
        {
            try
            {
                return await answer;
            }
            finally
            {
                fence.Exit(epoch);
            }
        }
    }
}

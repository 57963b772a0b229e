using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives;

/// <summary>A drive that hands everything on to another one, for others to change one thing.</summary>
/// <param name="inner">Disposed with this one.</param>
public abstract class DelegatingDrive(IDrive inner) : IDrive
{
    protected IDrive Inner { get; } = inner;

    public virtual DriveId Id => Inner.Id;

    public virtual DriveState State => Inner.State;

    public virtual IReadOnlyList<PendingSlot> FindPending(TimeSpan age) => Inner.FindPending(age);

    public virtual IDrive At(long epoch) => Inner.At(epoch);

    public virtual ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, CancellationToken cancellationToken) => Inner.AcceptAsync(request, cancellationToken);

    public virtual ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        Inner.PrepareAsync(key, ballot, slot, cancellationToken);

    public virtual ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        Inner.CommitAsync(request, cancellationToken);

    public virtual ValueTask<DriveFault> ForgetAsync(
        RegisterKey key, VersionId slot, Ballot ballot, CancellationToken cancellationToken) =>
        Inner.ForgetAsync(key, slot, ballot, cancellationToken);

    public virtual ValueTask<DriveFault> EvictAsync(RegisterKey key, CancellationToken cancellationToken) =>
        Inner.EvictAsync(key, cancellationToken);

    public virtual ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        Inner.ReadAsync(key, slot, withInline, cancellationToken);

    public virtual ValueTask<DriveResult<ListReply>> ListAsync(
        ListRequest request, CancellationToken cancellationToken) => Inner.ListAsync(request, cancellationToken);

    public virtual ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken) =>
        Inner.CreateShardAsync(data, sizeHint, cancellationToken);

    public virtual ValueTask<DriveResult<IShardReader>> OpenShardAsync(
        DataId data, CancellationToken cancellationToken) => Inner.OpenShardAsync(data, cancellationToken);

    public virtual ValueTask<DriveResult<IShardHold>> HoldShardsAsync(
        IReadOnlyList<DataId> data, CancellationToken cancellationToken) =>
        Inner.HoldShardsAsync(data, cancellationToken);

    public virtual ValueTask<DriveFault> RestoreInlineAsync(
        RegisterKey key, DataId data, ReadOnlyMemory<byte> shard, CancellationToken cancellationToken) =>
        Inner.RestoreInlineAsync(key, data, shard, cancellationToken);

    public virtual ValueTask<DriveFault> DropShardAsync(DataId data, CancellationToken cancellationToken) =>
        Inner.DropShardAsync(data, cancellationToken);

    public virtual ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate, CancellationToken cancellationToken) =>
        Inner.SetBucketGateAsync(gate, cancellationToken);

    public virtual ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync(
        CancellationToken cancellationToken) => Inner.ListBucketGatesAsync(cancellationToken);

    public virtual ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit, CancellationToken cancellationToken) =>
        Inner.ListMissedAsync(missing, after, limit, cancellationToken);

    public virtual ValueTask<DriveFault> ClearMissedAsync(
        IReadOnlyList<MissedWrite> repaired, CancellationToken cancellationToken) =>
        Inner.ClearMissedAsync(repaired, cancellationToken);

    public virtual ValueTask<DriveFault> EndRecoveryAsync(CancellationToken cancellationToken) =>
        Inner.EndRecoveryAsync(cancellationToken);

    public virtual ValueTask<DriveResult<DriveUsage>> StatAsync(CancellationToken cancellationToken) =>
        Inner.StatAsync(cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }
}

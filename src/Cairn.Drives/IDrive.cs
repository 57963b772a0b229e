using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives;

/// <summary>One drive, here or on another node: registers with per-key order, and shards.</summary>
/// <remarks>
/// Purpose: the narrow waist between the object layer and hardware. The register operations are those of the commit
/// protocol (docs/consistency.md); a drive knows nothing of quorums, erasure codes or S3.
/// Failure: every operation answers with a DriveFault instead of throwing; only cancellation throws. After Timeout or
/// cancellation a write may or may not have happened.
/// Concurrency: any caller, any number at once; operations on one register take effect in one order.
/// Ownership: buffers passed in are not retained after the call completes; buffers handed out belong to the caller.
/// </remarks>
public interface IDrive : IAsyncDisposable
{
    DriveId Id { get; }

    DriveState State { get; }

    /// <summary>Slots whose value has waited for its commit for so long that its coordinator may be gone.</summary>
    /// <remarks>From memory, and of a drive of this node only: others are looked after by the nodes that have them.</remarks>
    IReadOnlyList<PendingSlot> FindPending(TimeSpan age) => [];

    /// <summary>The same drive, called in the name of the layout of an epoch.</summary>
    /// <remarks>
    /// Behind a fence (EpochFence) accepts, prepares, reads and listings of epochs that are over answer Fenced. Called
    /// without, they are of epoch 0: of a layout that never changed. What decides nothing is in the name of EveryEpoch.
    /// Not to be disposed.
    /// </remarks>
    IDrive At(long epoch) => this;

    /// <summary>In the name of whichever layout counts: for walks over what a drive holds.</summary>
    const long EveryEpoch = long.MaxValue;

    /// <summary>
    /// Accepts a value as pending if its ballot is neither below a promise nor below another accepted ballot of the
    /// register (phase 2 of Paxos). Durable on success. NotFound when it names data whose shards are neither inline in
    /// the request nor on this drive (sealed, or owned by another entry, of whatever register).
    /// </summary>
    /// <remarks>
    /// The same slot and ballot again is a repetition and succeeds. The same value of a slot (birth, body, data, removal)
    /// under a higher ballot replaces it as long as it is pending. All other entries stay until a commit drops them: a
    /// lower pending one may have been chosen, and the commit of a lower one vouches for nothing above it.
    /// </remarks>
    ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request, CancellationToken cancellationToken);

    /// <summary>Promises to accept nothing below the ballot (phase 1). Durable on success.</summary>
    /// <param name="key">The register.</param>
    /// <param name="ballot">Must be above every ballot promised or accepted, or it is refused.</param>
    /// <param name="slot">A slot whose entries the view must contain besides the usual ones.</param>
    /// <param name="cancellationToken">May or may not have promised.</param>
    ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken);

    /// <summary>
    /// Marks a value committed, drops lower ballots of its slot with their shards, and journals the drives that missed
    /// it. Durable on completion; unknown entries are ignored (except for the journal). Idempotent.
    /// </summary>
    ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken);

    /// <summary>Drops a committed tombstone that all drives are known to hold durably.</summary>
    /// <remarks>
    /// When the register's last entry goes, its promise goes with it, into the drive's floor: an accept or prepare at or
    /// below the floor (the highest such ballot or promise) for a register without a row is refused.
    /// </remarks>
    ValueTask<DriveFault> ForgetAsync(
        RegisterKey key, VersionId slot, Ballot ballot, CancellationToken cancellationToken);

    /// <summary>Drops everything of a register, its promise too, because the drive's layout has no place for it any more.</summary>
    /// <remarks>Durable on success. Data that no other register refers to goes with it. Unknown registers are ignored.</remarks>
    ValueTask<DriveFault> EvictAsync(RegisterKey key, CancellationToken cancellationToken);

    /// <summary>What the drive holds of a register.</summary>
    ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken);

    /// <summary>A run of registers in key order, from one consistent view.</summary>
    ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request, CancellationToken cancellationToken);

    /// <summary>Begins a shard of a new data id.</summary>
    /// <param name="data">Not yet on this drive.</param>
    /// <param name="sizeHint">Expected length in bytes, to refuse early when there is no room; 0 when unknown.</param>
    /// <param name="cancellationToken">Nothing is left behind.</param>
    ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken);

    /// <summary>Opens a shard, in a file or inline, for reading.</summary>
    ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps those of the shards that are on the drive, so that they can be opened until the hold is disposed, whatever
    /// becomes of the entries that name them.
    /// </summary>
    ValueTask<DriveResult<IShardHold>> HoldShardsAsync(IReadOnlyList<DataId> data, CancellationToken cancellationToken);

    /// <summary>Replaces a lost or corrupt inline shard of an entry the drive already holds. Durable on success.</summary>
    ValueTask<DriveFault> RestoreInlineAsync(
        RegisterKey key, DataId data, ReadOnlyMemory<byte> shard, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a shard that is of no use: sealed but named by no entry (an aborted upload), in the way of one that is to
    /// be written, or lost (the drive itself reads it and finds it damaged). A good shard that entries name stays, whoever
    /// asks, so that a call that comes late does no harm.
    /// </summary>
    /// <returns>None: the shard is gone, or good. Busy: it is being written.</returns>
    ValueTask<DriveFault> DropShardAsync(DataId data, CancellationToken cancellationToken);

    /// <summary>Closes a bucket for accepts, or opens it again. Durable on success; reads and removals go on.</summary>
    /// <returns>Superseded when a later order was carried out before.</returns>
    ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate, CancellationToken cancellationToken);

    /// <summary>The last orders about buckets that this drive has carried out.</summary>
    ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync(CancellationToken cancellationToken);

    /// <summary>What this drive's journal knows the other drive to lack, in key order behind <paramref name="after"/>.</summary>
    ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Strikes lines from the journal that have been repaired and verified.</summary>
    ValueTask<DriveFault> ClearMissedAsync(IReadOnlyList<MissedWrite> repaired, CancellationToken cancellationToken);

    /// <summary>Ends recovery: from now on the drive votes. Durable on success.</summary>
    ValueTask<DriveFault> EndRecoveryAsync(CancellationToken cancellationToken);

    /// <summary>Room, counts and condition.</summary>
    ValueTask<DriveResult<DriveUsage>> StatAsync(CancellationToken cancellationToken);
}

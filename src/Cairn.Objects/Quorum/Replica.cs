using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>What is at one position of a partition, called in the name of one layout: a drive, or two while it moves.</summary>
/// <remarks>
/// Purpose: rounds and judgements count positions and need not know of moves.
/// Concurrency: any caller. Immutable.
/// </remarks>
internal abstract class Replica
{
    /// <summary>Of the drive that the table of the layout names.</summary>
    public abstract DriveId Id { get; }

    public abstract DriveState State { get; }

    /// <summary>Of the drive from which the position is read.</summary>
    public abstract DriveTiming Timing { get; }

    /// <summary>Asking it takes no message to another node.</summary>
    public bool IsOwn
    {
        get
        {
            foreach (DriveReplica member in Members)
            {
                if (!member.Drive.IsOwn)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>To be asked only where the others are too few (DriveTiming.IsAside).</summary>
    public abstract bool IsAside { get; }

    /// <summary>Its accepts count (DriveHandle.IsAcceptor).</summary>
    public abstract bool IsAcceptor { get; }

    /// <summary>One, or two while the position moves.</summary>
    public abstract IReadOnlyList<DriveReplica> Members { get; }

    /// <summary>An answer takes two drives. One of them may have done what the answer does not say.</summary>
    public bool IsJoint => Members.Count > 1;

    /// <summary>An accept that was answered without a vote counts (DriveHandle.IsRestedFor).</summary>
    public abstract bool IsRestedFor(RegisterKey key);

    public abstract ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request);

    public abstract ValueTask<DriveResult<PrepareReply>> PrepareAsync(RegisterKey key, Ballot ballot, VersionId? slot);

    public abstract ValueTask<DriveResult<RegisterView>> ReadAsync(RegisterKey key, VersionId? slot, bool withInline);

    /// <summary>What is held of one register, older than what a view shows.</summary>
    /// <param name="request">Of one name.</param>
    public abstract ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request);

    public abstract ValueTask<DriveFault> CommitAsync(CommitRequest request);

    public abstract ValueTask<DriveFault> ForgetAsync(RegisterKey key, VersionId slot, Ballot ballot);

    public abstract ValueTask<DriveResult<IShardWriter>> CreateShardAsync(DataId data, long sizeHint);

    public abstract ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data);

    public abstract ValueTask<DriveResult<IShardHold>> HoldShardsAsync(IReadOnlyList<DataId> data);

    public abstract ValueTask<DriveResult<int>> ReadShardAsync(IShardReader reader, long offset, Memory<byte> destination);

    public abstract ValueTask<DriveFault> WriteShardAsync(IShardWriter writer, ReadOnlyMemory<byte> bytes);

    public abstract ValueTask<DriveFault> WriteShardAsync(
        IShardWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> runs);

    public abstract ValueTask<DriveFault> SealShardAsync(IShardWriter writer);

    public abstract ValueTask<DriveFault> DropShardAsync(DataId data);
}

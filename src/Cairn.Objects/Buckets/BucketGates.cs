using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Buckets;

/// <summary>Closes a bucket on the drives, and opens it again.</summary>
/// <remarks>
/// Drives obey the last attempt at a deletion, so that one that was overtaken neither opens what another has closed nor
/// closes what another has opened.
/// </remarks>
internal sealed class BucketGates(StoreEngine engine)
{
    /// <summary>Closes a bucket on at least the write quorum of every partition's drives.</summary>
    /// <returns>
    /// None with the drives, by their index, that are closed by this attempt or a later one; Conflict: another attempt has
    /// begun since; WriteQuorumLost: closed on some drives only.
    /// </returns>
    public async ValueTask<(ObjectError Error, bool[] Closed)> CloseAsync(BucketId bucket, ulong attempt)
    {
        DriveFault[] faults = await TellAsync(new BucketGate(bucket, attempt, IsClosed: true));
        bool[] closed = Array.ConvertAll(faults, fault => fault == DriveFault.None);
        foreach (DriveHandle drive in engine.Drives.Take(closed.Length))
        {
            closed[drive.Index] &= drive.State == DriveState.Online;
        }

        ObjectError error = faults.Contains(DriveFault.Superseded) ? ObjectError.Conflict
            : engine.Partitions.All(partition => HasQuorum(partition, closed)) ? ObjectError.None
            : ObjectError.WriteQuorumLost;
        return (error, closed);
    }

    /// <summary>Opens a bucket on all drives that answer.</summary>
    /// <returns>None; Conflict: another attempt has begun since; WriteQuorumLost: on some drives only.</returns>
    public async ValueTask<ObjectError> OpenAsync(BucketId bucket, ulong attempt)
    {
        DriveFault[] faults = await TellAsync(new BucketGate(bucket, attempt, IsClosed: false));
        bool[] opened = Array.ConvertAll(faults, fault => fault == DriveFault.None);
        return faults.Contains(DriveFault.Superseded) ? ObjectError.Conflict
            : engine.Partitions.All(partition => HasQuorum(partition, opened)) ? ObjectError.None
            : ObjectError.WriteQuorumLost;
    }

    private static bool HasQuorum(Partition partition, bool[] done) =>
        partition.Drives.Count(replica => replica.Members.All(member =>
            member.Drive.Index < done.Length && done[member.Drive.Index])) >= partition.WriteQuorum;

    private async Task<DriveFault[]> TellAsync(BucketGate gate) => await Task.WhenAll(
        engine.Drives.Select(drive => drive.SetBucketGateAsync(gate).AsTask()));
}

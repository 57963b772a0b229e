using Cairn.Drives;
using Cairn.Objects.Layout;
using Cairn.Objects.Partitions;

namespace Cairn.Objects.Quorum;

/// <summary>Counts, for every partition, the drives that reads and writes could have now.</summary>
/// <remarks>
/// A drive whose node is doubted does not count: it is asked, and does not answer. What is merely slow counts.
/// </remarks>
internal static class QuorumCount
{
    /// <param name="engine">The store.</param>
    /// <param name="withoutOwn">As if this node's drives were gone.</param>
    public static QuorumStatus Of(StoreEngine engine, bool withoutOwn)
    {
        StoreLayout layout = engine.Layout;
        int readQuorum = Math.Max(layout.ReadQuorum, layout.Standard.DataShards);
        bool[] isThere = [.. engine.Drives.Select(drive => IsThere(drive) && !(withoutOwn && drive.IsOwn))];
        bool[] isVoting = [.. engine.Drives.Select(drive => isThere[drive.Index] && drive.State == DriveState.Online)];
        int unreadable = 0;
        int unwritable = 0;
        foreach (Partition partition in engine.Partitions)
        {
            int there = 0;
            int voting = 0;
            foreach (Replica replica in partition.Drives)
            {
                there += replica.Members.All(member => isThere[member.Drive.Index]) ? 1 : 0;
                voting += replica.Members.All(member => isVoting[member.Drive.Index]) ? 1 : 0;
            }

            unreadable += voting < readQuorum ? 1 : 0;
            unwritable += there < layout.WriteQuorum || voting < readQuorum ? 1 : 0;
        }

        return new QuorumStatus(readQuorum, layout.WriteQuorum, engine.Partitions.Count, unreadable, unwritable);
    }

    private static bool IsThere(DriveHandle drive) =>
        drive.State is DriveState.Online or DriveState.Recovering && drive.Timing is { IsDoubted: false, IsSilent: false };
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Drops a tombstone that every drive of its partition holds, voting, committed and durably: it has done its duty.</summary>
/// <remarks>
/// Each drive is asked for it. That all of them accepted it and took the commit does not suffice: somebody who met the
/// tombstone while it was pending may have raised it on some of them, where the commit of its former ballot says nothing.
/// Forgotten by the others, it would be on too few to have been chosen, above a value that these still hold.
/// All drives means all that anybody may still ask. One that has left the partition may hold what the tombstone removed,
/// for readers of an older layout: nothing is forgotten until that is shut out (Partition.HasFormerDrive). One that has come
/// to it is missing from older layouts: drives do not show them tombstones as committed (FencedDrive).
/// Nor while a drive holds what only the tombstone tells not to have been chosen (RegisterEntry.ExcludesYounger).
/// Failure: where a drive does not tell, or forget, a tombstone too many stays; nothing is lost.
/// </remarks>
internal static class Forgetting
{
    public static async ValueTask TryAsync(Partition partition, RegisterKey key, VersionId slot, Ballot ballot)
    {
        if (partition.HasFormerDrive)
        {
            return;
        }

        foreach (DriveReplica drive in partition.Drives.SelectMany(replica => replica.Members))
        {
            DriveResult<RegisterView> view = await drive.ReadAsync(key, slot, withInline: false);
            RegisterEntry? held = view is { IsOk: true, Value.IsVoting: true }
                ? view.Value.Entries.FirstOrDefault(entry =>
                    entry is { IsRemoved: true, IsCommitted: true } && entry.Slot == slot && entry.Ballot == ballot)
                : null;
            if (held is null || view.Value.Entries.Any(other => !other.IsCommitted && held.Excludes(other)))
            {
                return;
            }
        }

        // Asked last: a drive that lost its memory meanwhile is Recovering now.
        if (partition.Drives.All(drive => drive.State == DriveState.Online))
        {
#pragma warning disable CA2012 // All are started before the first is awaited; each is awaited once.
            ValueTask<DriveFault>[] calls =
                [.. partition.Drives.Select(drive => drive.ForgetAsync(key, slot, ballot))];
#pragma warning restore CA2012
            foreach (ValueTask<DriveFault> call in calls)
            {
                _ = await call;
            }
        }
    }
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Looks at one version on every drive of its partition and replaces what is lost or damaged.</summary>
/// <remarks>
/// Steps, drive by drive: (1) read the row and every shard; (2) heal the slot where something is wrong, which drops a
/// shard that is lost, restores it from the other drives and reads it back.
/// Failure: the drive may lack a dropped shard until the next attempt; no other drive is touched.
/// </remarks>
internal sealed class VersionRepair(StoreEngine engine, RegisterHealer healer)
{
    /// <returns>How many drives were repaired, and whether all that are there are well now.</returns>
    public async ValueTask<(int Repaired, bool IsWhole)> RunAsync(
        RepairTicket ticket, CancellationToken cancellationToken)
    {
        Partition partition = engine.PartitionOf(ticket.Key);
        int repaired = 0;
        bool isWhole = true;
        foreach (DriveReplica drive in partition.Drives.SelectMany(replica => replica.Members))
        {
            if (drive.State is not (DriveState.Online or DriveState.Recovering)
                || await IsWellAsync(drive, ticket))
            {
                continue;
            }

            // (2)
            HealOutcome outcome = await healer.HealSlotAsync(ticket.Key, ticket.Slot, drive.Drive, cancellationToken);
            repaired += outcome.Verdict == HealVerdict.Healed ? 1 : 0;
            isWhole &= outcome.IsWhole;
        }

        return (repaired, isWhole);
    }

    // (1)
    private static async ValueTask<bool> IsWellAsync(DriveReplica drive, RepairTicket ticket)
    {
        DriveResult<RegisterView> view = await drive.ReadAsync(ticket.Key, ticket.Slot, withInline: false);
        RegisterEntry? entry = view.IsOk
            ? view.Value.Entries.FirstOrDefault(held => held.Slot == ticket.Slot && held.IsCommitted)
            : null;
        if (entry is null)
        {
            return false;
        }

        foreach (DataId data in entry.Data)
        {
            if (!(await RegisterHealer.ReadBackAsync(drive, data)).IsOk)
            {
                return false;
            }
        }

        return true;
    }
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Looks at one version on every drive of its partition and replaces what is lost or damaged.</summary>
/// <remarks>
/// Steps, drive by drive: (1) read the row and every shard; (2) drop a shard that fails its checksums, so that the drive lacks
/// it openly; (3) heal the slot, which restores what lacks from the other drives and reads it back.
/// Failure: after (2) the drive lacks the shard until the next attempt; no other drive is touched.
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
        for (int position = 0; position < partition.Width; position++)
        {
            DriveHandle drive = partition.Drives[position];
            if (drive.State is not (DriveState.Online or DriveState.Recovering)
                || await IsWellAsync(drive, ticket))
            {
                continue;
            }

            HealOutcome outcome = await healer.HealSlotAsync(ticket.Key, ticket.Slot, position, cancellationToken);
            repaired += outcome.Verdict == HealVerdict.Healed ? 1 : 0;
            isWhole &= outcome.IsWhole;
        }

        return (repaired, isWhole);
    }

    // (1) and (2)
    private static async ValueTask<bool> IsWellAsync(DriveHandle drive, RepairTicket ticket)
    {
        DriveResult<RegisterView> view = await drive.ReadAsync(ticket.Key, ticket.Slot, withInline: false);
        RegisterEntry? entry = view.IsOk
            ? view.Value.Entries.FirstOrDefault(held => held.Slot == ticket.Slot && held.IsCommitted)
            : null;
        if (entry is null)
        {
            return false;
        }

        bool isWell = true;
        foreach (DataId data in entry.Data)
        {
            DriveResult<long> read = await RegisterHealer.ReadBackAsync(drive, data);
            isWell &= read.IsOk;

            // A drive that is busy, slow or away says nothing about the shard: it may well be the last good one.
            if (read.Fault == DriveFault.Corrupt)
            {
                _ = await drive.DropShardAsync(data);
            }
        }

        return isWell;
    }
}

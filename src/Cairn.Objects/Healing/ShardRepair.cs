using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Replaces one damaged shard.</summary>
/// <remarks>
/// Steps: (1) look again: what reads well by now is left alone; (2) drop what is damaged, so that the drive lacks the
/// data openly; (3) heal the register's slot, which restores and reads back.
/// Failure: after (2) the drive lacks the shard until the next attempt; no other drive is touched.
/// </remarks>
internal sealed class ShardRepair(StoreEngine engine, RegisterHealer healer)
{
    /// <returns>Whether something was repaired.</returns>
    public async ValueTask<bool> RunAsync(RepairTarget target, CancellationToken cancellationToken)
    {
        Partition partition = engine.PartitionOf(target.Key);
        DriveHandle drive = partition.Drives[target.Position];

        // (1)
        if (drive.State is not (DriveState.Online or DriveState.Recovering) || await IsWellAsync(drive, target))
        {
            return false;
        }

        // (2)
        if (await drive.DropShardAsync(target.Data) != DriveFault.None)
        {
            return false;
        }

        // (3)
        HealOutcome outcome = await healer.HealSlotAsync(
            target.Key, target.Slot, target.Position, cancellationToken);
        return outcome.Verdict == HealVerdict.Healed;
    }

    private static async ValueTask<bool> IsWellAsync(DriveHandle drive, RepairTarget target)
    {
        DriveResult<RegisterView> view = await drive.ReadAsync(target.Key, target.Slot, withInline: true);
        if (!view.IsOk)
        {
            return false;
        }

        DriveResult<IShardReader> opened = await drive.OpenShardAsync(target.Data);
        if (!opened.IsOk)
        {
            return false;
        }

        await using IShardReader reader = opened.Value;
        byte[] buffer = new byte[1 << 20];
        for (long offset = 0; offset < reader.Length;)
        {
            DriveResult<int> read = await drive.ReadShardAsync(reader, offset, buffer);
            if (!read.IsOk || read.Value == 0)
            {
                return false;
            }

            offset += read.Value;
        }

        return true;
    }
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Brings a drive the writes it missed, as the journals tell, and the rows that it found damaged itself.</summary>
/// <remarks>
/// Steps: (1) read a page of a journal; (2) heal each line and read it back; (3) strike the lines that are done.
/// A drive that took another one's place answers for its lines as well: nodes that had not heard of that yet have noted
/// there what the new one missed.
/// Restart: a line is struck only after its value was read back, so beginning again repeats little and loses nothing.
/// </remarks>
internal sealed class JournalCatchUp(StoreEngine engine, RegisterHealer healer)
{
    private const int PageSize = 256;

    /// <summary>One pass over all journals.</summary>
    /// <returns>Whether everything they held for the drive is there now.</returns>
    public async ValueTask<bool> RunAsync(
        DriveHandle target, HealProgress progress, CancellationToken cancellationToken)
    {
        bool isWhole = true;
        DriveId[] names =
            [target.Id, .. engine.Layout.Former.Where(former => former.Index == target.Index).Select(former => former.Id)];
        foreach (DriveHandle source in engine.Drives)
        {
            if (source.State is DriveState.Online or DriveState.Recovering)
            {
                foreach (DriveId name in names)
                {
                    isWhole &= await CatchUpAsync(source, target, name, progress, cancellationToken);
                }
            }
        }

        return isWhole;
    }

    private async ValueTask<bool> CatchUpAsync(
        DriveHandle source, DriveHandle target, DriveId name, HealProgress progress, CancellationToken cancellationToken)
    {
        bool isWhole = true;
        RegisterKey? after = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // (1)
            DriveResult<IReadOnlyList<MissedWrite>> page = await source.ListMissedAsync(name, after, PageSize);
            if (!page.IsOk)
            {
                return false;
            }

            if (page.Value.Count == 0)
            {
                return isWhole;
            }

            if (progress.Activity == HealActivity.Idle)
            {
                progress.Begin(HealActivity.Catching);
            }

            // (2)
            List<MissedWrite> repaired = [];
            foreach (MissedWrite missed in page.Value)
            {
                bool isDamage = source == target && name == target.Id;
                if (await HealAsync(missed, target, isDamage, progress, cancellationToken))
                {
                    repaired.Add(missed);
                }
            }

            // (3)
            isWhole &= repaired.Count == page.Value.Count;
            isWhole &= repaired.Count == 0 || await source.ClearMissedAsync(repaired) == DriveFault.None;
            after = page.Value[^1].Key;
        }
    }

    // A line of the drive against itself means that the row is damaged: any of its slots may lack.
    private async ValueTask<bool> HealAsync(
        MissedWrite missed,
        DriveHandle target,
        bool isDamage,
        HealProgress progress,
        CancellationToken cancellationToken)
    {
        Partition partition = engine.PartitionOf(missed.Key);
        int position = partition.PositionOf(target);
        if (position < 0)
        {
            return true;
        }

        // Several journals tell of the same write.
        if (!isDamage && await RegisterHealer.HoldsAsync(
            partition.MemberAt(position, target), missed.Key, missed.Slot, missed.Ballot))
        {
            return true;
        }

        HealOutcome outcome = isDamage
            ? await healer.HealRegisterAsync(missed.Key, target, cancellationToken)
            : await healer.HealSlotAsync(missed.Key, missed.Slot, target, cancellationToken);
        progress.Count(outcome);
        return outcome.IsWhole;
    }
}

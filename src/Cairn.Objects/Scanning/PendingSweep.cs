using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Healing;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Scanning;

/// <summary>Finishes, once after an unclean start, the writes whose coordinator died.</summary>
/// <remarks>
/// Purpose: a crash between accept and commit leaves values that are chosen but not committed, that no journal names for
/// the drives that missed them, or that can no longer be chosen. Reads cope with each of them at a price; the sweep
/// pays it once: what counts is accepted again by all drives, committed, and journaled for those that lack it; what
/// does not is cleared away.
/// Failure: what cannot be decided for want of drives stays as it is, and the sweep begins again later. Nothing else is
/// remembered. Concurrency: beside clients; values younger than a crash can explain are left to their coordinators.
/// </remarks>
internal sealed class PendingSweep(StoreEngine engine)
{
    // A coordinator that is alive finishes within it.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);

    private readonly RegisterWalk _walk = new(engine);

    /// <summary>Registers that were made certain.</summary>
    public long Settled { get; private set; }

    /// <summary>Runs until a pass leaves nothing open; at once when every drive was closed in order.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        TimeSpan pause = FirstRetry;
        while (engine.Drives.Any(drive => drive is { IsOwn: true, Drive.WasUnclean: true }) && !await TryPassAsync(stopping))
        {
            await Task.Delay(pause, engine.Environment.Time, stopping);
            pause = pause * 2 < LastRetry ? pause * 2 : LastRetry;
        }
    }

    /// <summary>One pass over what every drive holds.</summary>
    /// <returns>Whether no pending value is left that was seen.</returns>
    public async ValueTask<bool> TryPassAsync(CancellationToken stopping)
    {
        bool isClean = true;
        HashSet<RepairTicket> settled = [];
        foreach (DriveHandle drive in engine.Drives)
        {
            if (drive.State is not (DriveState.Online or DriveState.Recovering))
            {
                continue;
            }

            try
            {
                await foreach (WalkPage page in _walk.ReadAsync(drive, stopping))
                {
                    isClean &= await SettleAsync(page, settled, stopping);
                }
            }
            catch (HealInterruptedException)
            {
                // The drive, or the quorum for the buckets, went away: the next pass looks again.
                isClean = false;
            }
        }

        return isClean;
    }

    // Settled ones are met again on the next drives, whose commits may still be on the way.
    private async ValueTask<bool> SettleAsync(
        WalkPage page, HashSet<RepairTicket> settled, CancellationToken stopping)
    {
        bool isClean = true;
        foreach (ListRow row in page.Rows)
        {
            foreach (VersionId slot in PendingSlotsOf(row))
            {
                RegisterKey key = RegisterKey.Of(page.Space, page.Bucket, row.Name.Span);
                if (settled.Contains(new RepairTicket(key, slot)))
                {
                    continue;
                }

                RegisterEntry youngest = row.Entries.First(entry => entry.Slot == slot && !entry.IsCommitted);
                bool isOrphan = engine.Clock.LeadOf(youngest.Ballot) < -OrphanAge;
                bool isSettled = isOrphan && await engine.Quorum.Settler.ClearAsync(key, slot, stopping);
                isClean &= isSettled;
                if (isSettled)
                {
                    Settled++;
                    settled.Add(new RepairTicket(key, slot));
                }
            }
        }

        return isClean;
    }

    private static IEnumerable<VersionId> PendingSlotsOf(ListRow row) =>
        row.Entries.Where(entry => !entry.IsCommitted).Select(entry => entry.Slot).Distinct();
}

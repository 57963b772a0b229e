using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Scanning;

/// <summary>Finishes the writes whose coordinator has died or given up.</summary>
/// <remarks>
/// Purpose: a crash between accept and commit leaves values that are chosen but not committed, that no journal names for
/// the drives that missed them, or that can no longer be chosen. Reads cope with each of them at a price, and only on the
/// keys that are read; here it is paid once: what counts is accepted again by all drives, committed, and journaled for
/// those that lack it; what does not is cleared away.
/// Steps: (1) every second ask this node's drives what has waited for its commit for two seconds; (2) settle it, in turn:
/// a second later for each drive of the partition that comes before and is on another node, which then does it first.
/// Failure: what cannot be decided for want of drives stays as it is and is tried less and less often. Nothing is
/// remembered: drives find what is pending again after a crash. Concurrency: beside clients; one value at a time.
/// </remarks>
internal sealed class PendingWatch(StoreEngine engine)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A coordinator that is alive finishes within it.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PendingSlot, Attempt> _attempts = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(Period, engine.Environment.Time, stopping);
            await PassAsync(stopping);
        }
    }

    /// <summary>Looks once, and settles what is due.</summary>
    public async ValueTask PassAsync(CancellationToken stopping)
    {
        HashSet<PendingSlot> seen = [];
        foreach (DriveHandle drive in engine.Drives)
        {
            // (1)
            foreach (PendingSlot pending in drive is { IsOwn: true, Drive: { } own } ? own.FindPending(OrphanAge) : [])
            {
                seen.Add(pending);
                await SettleAsync(drive, pending, stopping);
            }
        }

        // An attempt in vain gives the value a new ballot, and with it another age: it is not forgotten at once.
        foreach ((PendingSlot pending, Attempt attempt) in _attempts.ToArray())
        {
            if (!seen.Contains(pending) && engine.Environment.Time.GetElapsedTime(attempt.Since) > LastPause)
            {
                _attempts.Remove(pending);
            }
        }
    }

    // (2)
    private async ValueTask SettleAsync(DriveHandle drive, PendingSlot pending, CancellationToken stopping)
    {
        // What a partition has left behind on a drive counts nowhere any more, and is dropped with the rest of it.
        if (engine.PartitionOf(pending.Key).PositionOf(drive) < 0)
        {
            return;
        }

        TimeProvider time = engine.Environment.Time;
        if (!_attempts.TryGetValue(pending, out Attempt attempt))
        {
            attempt = new Attempt(time.GetTimestamp(), TurnOf(drive, pending.Key) * Period);
            _attempts[pending] = attempt;
        }

        if (time.GetElapsedTime(attempt.Since) < attempt.Pause)
        {
            return;
        }

        // Where it is settled its commit is on the way, and it is not seen again.
        using StorePlacement.Use use = engine.Enter();
        await engine.Quorum.Settler.ClearAsync(pending.Key, pending.Slot, stopping);
        TimeSpan pause = attempt.Pause < OrphanAge ? OrphanAge : attempt.Pause * 2;
        _attempts[pending] = new Attempt(time.GetTimestamp(), pause < LastPause ? pause : LastPause);
    }

    private int TurnOf(DriveHandle drive, RegisterKey key)
    {
        int turn = 0;
        foreach (DriveReplica other in engine.PartitionOf(key).Drives.SelectMany(replica => replica.Members))
        {
            if (other.Drive == drive)
            {
                return turn;
            }

            turn += other.Drive is { IsOwn: false, State: DriveState.Online } ? 1 : 0;
        }

        return turn;
    }

    /// <summary>When it was last looked at, and for how long it is left alone after that.</summary>
    private readonly record struct Attempt(long Since, TimeSpan Pause);
}

using Cairn.Drives.Index;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>Breaks disks and kills the process, by seed and within the plan's budget.</summary>
/// <remarks>
/// Invariants: unless the plan exceeds parity, at most as many places as parity covers are impaired at once. A place is
/// impaired from its fault on until all disks are in order again and the store says that it is whole. Nothing is taken
/// for good beyond what the newest acknowledged write can lose.
/// </remarks>
internal sealed class Nemesis(SimStore store, FaultPlan plan)
{
    private static readonly IndexFamily[] RottingFamilies =
        [IndexFamily.Shards, IndexFamily.Shards, IndexFamily.Heads, IndexFamily.Versions];

    private readonly World _world = store.World;
    private readonly SimRandom _random = SimRandom.Named(store.World.Seed, "nemesis");
    private readonly SortedSet<int> _impaired = [];
    private (int Left, int Right)? _swapped;
    private bool _isOver;

    /// <summary>More places are impaired than a write that has just been acknowledged can do without.</summary>
    public bool IsBeyondFreshParity => !_isOver && _impaired.Count > store.Shape.FreshParity;

    /// <summary>All faults are over, and nothing was lost for good that excuses a loss.</summary>
    public bool IsOver => _isOver;

    /// <summary>Some byte was spoiled, which nobody may have noticed yet.</summary>
    public bool HasRotted { get; private set; }

    /// <summary>Strikes again and again until the work is done.</summary>
    public async Task RunAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, _world.DelayAsync(NextPause()));
            if (!work.IsCompleted && !plan.IsCalm)
            {
                Forgive();
                await StrikeAsync();
            }
        }
    }

    /// <summary>Ends all faults and puts every disk in its place.</summary>
    public async Task HealAsync()
    {
        if (_swapped is not null)
        {
            store.Kill(losesPower: false);
            Unswap();
            Repair();
            await StartAsync();
        }

        Repair();
        _isOver = true;
    }

    private TimeSpan NextPause() => _random.PickWeighted([3, 3, 1]) switch
    {
        0 => TimeSpan.FromMilliseconds(_random.Next(20)),
        1 => TimeSpan.FromMilliseconds(_random.Next(300)),
        _ => TimeSpan.FromMilliseconds(_random.Next(10_000)),
    };

    // Only what the plan has: a history is short, and most of what can be struck in it should be.
    private Task StrikeAsync() => _random.PickWeighted(
    [
        Weight(plan.Kills),
        Weight(plan.PowerLosses),
        Weight(plan.Slowness),
        Weight(plan.Hangs),
        Weight(plan.Errors),
        Weight(plan.Removals),
        Weight(plan.Replacements),
        Weight(plan.Swaps),
        Weight(plan.Rot),
        2 * Weight(plan.Kills || plan.PowerLosses),
    ]) switch
    {
        0 => RestartAsync(losesPower: false),
        1 => RestartAsync(losesPower: true),
        2 => SlowAsync(),
        3 => HangAsync(),
        4 => FailAsync(),
        5 => RemoveAsync(),
        6 => ReplaceAsync(),
        7 => SwapAsync(),
        8 => RotAsync(),
        _ => BreakOffAsync(),
    };

    private static int Weight(bool isPlanned) => isPlanned ? 1 : 0;

    private void Forgive()
    {
        if (_impaired.Count > 0 && _swapped is null && store.IsWhole
            && store.Disks.All(d => d.IsPresent && d.IsMounted && d.Faults.IsClear) && !HasRotted)
        {
            _world.Record("nemesis", "finds the store whole");
            _impaired.Clear();
        }
    }

    private async Task RestartAsync(bool losesPower)
    {
        if (_random.Chance(0.5))
        {
            await WaitForHalfAWriteAsync();
        }

        store.Kill(losesPower);
        if (_random.Chance(0.3))
        {
            // The one who starts it again has also looked after the disks.
            Unswap();
            Repair();
        }

        await _world.DelayAsync(TimeSpan.FromMilliseconds(_random.Next(200)));
        await StartAsync();
    }

    /// <summary>
    /// One disk is out for a while, and comes back to a store whose coordinator was killed in the middle of a write: what
    /// was acknowledged meanwhile is on no more drives than it must be, and what follows on fewer.
    /// </summary>
    private async Task BreakOffAsync()
    {
        if (Impair() is { } place)
        {
            store.Disks[place].Remove();
            await _world.DelayAsync(TimeSpan.FromMilliseconds(_random.Next(100)));
            await WaitForHalfAWriteAsync();
            store.Kill(losesPower: plan.PowerLosses);
            Unswap();
            Repair();
            await StartAsync();
        }
    }

    // Most moments are idle ones. Right after some drives have written something others usually have not.
    private async Task WaitForHalfAWriteAsync()
    {
        for (int batches = _random.Between(1, store.Disks.Count); batches > 0; batches--)
        {
            await Task.WhenAny(
                _random.Pick(store.Disks).NextIndexBatch, _world.DelayAsync(TimeSpan.FromMilliseconds(20)));
        }
    }

    private async Task SlowAsync()
    {
        if (Impair() is { } place)
        {
            SimDisk disk = store.Disks[place];
            disk.Faults.Slowness = _random.Pick([5, 50, 500]);
            _world.Record(disk.Name, "slow");
            await _world.DelayAsync(NextPause());
            disk.Faults.Slowness = 1;
        }
    }

    private async Task HangAsync()
    {
        if (Impair() is { } place)
        {
            SimDisk disk = store.Disks[place];
            disk.Faults.Hang();
            _world.Record(disk.Name, "hangs");
            await _world.DelayAsync(_random.Chance(0.3) ? TimeSpan.FromSeconds(_random.Next(60)) : NextPause());
            disk.Faults.Release();
        }
    }

    private async Task FailAsync()
    {
        if (Impair() is { } place)
        {
            SimDisk disk = store.Disks[place];
            disk.Faults.ReadErrorChance = _random.Pick([0, 0.05, 0.5]);
            disk.Faults.WriteErrorChance = _random.Pick([0, 0.01, 0.2]);
            disk.Faults.SyncErrorChance = _random.Pick([0, 0.01, 0.2]);
            _world.Record(disk.Name, "fails");
            await _world.DelayAsync(NextPause());
            disk.Faults.Clear();
        }
    }

    private async Task RemoveAsync()
    {
        if (Impair() is { } place)
        {
            store.Disks[place].Remove();
            if (_random.Chance(0.7))
            {
                await _world.DelayAsync(NextPause());
                store.Disks[place].Return();
            }
        }
    }

    private async Task ReplaceAsync()
    {
        if (Impair(forGood: true) is { } place)
        {
            store.Kill(losesPower: false);
            Unswap();
            // Somebody must still know what belongs where.
            if (store.Disks.Count(d => d.IsPresent) > 1)
            {
                store.Replace(place);
            }

            await StartAsync();
        }
    }

    private async Task SwapAsync()
    {
        if (_swapped is null && store.Disks.Count > 2 && Impair() is { } left)
        {
            if (Impair() is { } right)
            {
                store.Kill(losesPower: false);
                store.Swap(left, right);
                _swapped = (left, right);
                await StartAsync();
            }
        }
    }

    private Task RotAsync()
    {
        if (Impair(forGood: true) is { } place)
        {
            HasRotted = true;
            SimDisk disk = store.Disks[place];
            for (int count = _random.Between(1, 4); count > 0; count--)
            {
                if (_random.Chance(0.5) || disk.RotFile(_random, "shards/") is null)
                {
                    disk.RotIndex(_random, _random.Pick(RottingFamilies));
                }
            }
        }

        return Task.CompletedTask;
    }

    private Task StartAsync()
    {
        // A node that finds none of its drives does not start, and rightly: the operator has to look after them first.
        if (store.Disks.All(disk => !disk.IsPresent))
        {
            Repair();
        }

        return store.StartAsync();
    }

    private void Unswap()
    {
        if (_swapped is { } swapped)
        {
            store.Swap(swapped.Left, swapped.Right);
            _swapped = null;
        }
    }

    private void Repair()
    {
        foreach (SimDisk disk in store.Disks)
        {
            disk.Faults.Clear();
            if (!disk.IsPresent)
            {
                disk.Return();
            }
        }
    }

    private int? Impair(bool forGood = false)
    {
        int limit = plan.ExceedsParity ? store.Disks.Count
            : forGood ? store.Shape.FreshParity
            : store.Shape.Parity;
        int place = _random.Next(store.Disks.Count);
        return _impaired.Count < limit && store.Disks[place].IsPresent && _impaired.Add(place) ? place : null;
    }
}

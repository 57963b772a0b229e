using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>Breaks disks and kills the process, by seed and within the plan's budget.</summary>
/// <remarks>
/// Invariants: unless the plan exceeds parity, at most as many disks as parity covers are impaired at once. A disk that
/// reported errors or was pulled out counts as impaired until the process has started again with the disk in order.
/// </remarks>
internal sealed class Nemesis(SimStore store, FaultPlan plan)
{
    private readonly World _world = store.World;
    private readonly SimRandom _random = SimRandom.Named(store.World.Seed, "nemesis");
    private readonly SortedSet<int> _impaired = [];

    /// <summary>Strikes again and again until the work is done.</summary>
    public async Task RunAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, _world.DelayAsync(NextPause()));
            if (!work.IsCompleted && !plan.IsCalm)
            {
                await StrikeAsync();
            }
        }
    }

    /// <summary>Ends all faults and starts the process afresh, so that every disk is in its place again.</summary>
    public async Task HealAsync()
    {
        foreach (SimDisk disk in store.Disks)
        {
            disk.Faults.Clear();
            if (!disk.IsPresent)
            {
                disk.Return();
            }
        }

        bool isRestartNeeded = _impaired.Count > 0;
        _impaired.Clear();
        if (isRestartNeeded)
        {
            await store.RestartAsync(losesPower: false);
        }
    }

    private TimeSpan NextPause() => _random.PickWeighted([3, 3, 1]) switch
    {
        0 => TimeSpan.FromMilliseconds(_random.Next(20)),
        1 => TimeSpan.FromMilliseconds(_random.Next(300)),
        _ => TimeSpan.FromMilliseconds(_random.Next(5_000)),
    };

    private Task StrikeAsync() => _random.Next(6) switch
    {
        0 when plan.Kills => RestartAsync(losesPower: false),
        1 when plan.PowerLosses => RestartAsync(losesPower: true),
        2 when plan.Slowness => SlowAsync(),
        3 when plan.Hangs => HangAsync(),
        4 when plan.Errors => FailAsync(),
        5 when plan.Removals => RemoveAsync(),
        _ => Task.CompletedTask,
    };

    private async Task RestartAsync(bool losesPower)
    {
        if (!_random.Chance(0.3))
        {
            await store.RestartAsync(losesPower);
            return;
        }

        // The one who starts it again has also looked after the disks.
        store.Kill(losesPower);
        foreach (SimDisk disk in store.Disks)
        {
            disk.Faults.Clear();
            if (!disk.IsPresent)
            {
                disk.Return();
            }
        }

        _impaired.Clear();
        await store.StartAsync();
    }

    private async Task SlowAsync()
    {
        if (Impair() is { } disk)
        {
            disk.Faults.Slowness = _random.Pick([5, 50, 500]);
            _world.Record(disk.Name, "slow");
            await _world.DelayAsync(NextPause());
            disk.Faults.Slowness = 1;
            Recover(disk);
        }
    }

    private async Task HangAsync()
    {
        if (Impair() is { } disk)
        {
            disk.Faults.Hang();
            _world.Record(disk.Name, "hangs");
            await _world.DelayAsync(_random.Chance(0.3) ? TimeSpan.FromSeconds(_random.Next(60)) : NextPause());
            disk.Faults.Release();
            Recover(disk);
        }
    }

    private async Task FailAsync()
    {
        if (Impair() is { } disk)
        {
            disk.Faults.ReadErrorChance = _random.Pick([0, 0.05, 0.5]);
            disk.Faults.WriteErrorChance = _random.Pick([0, 0.01, 0.2]);
            disk.Faults.SyncErrorChance = _random.Pick([0, 0.01, 0.2]);
            _world.Record(disk.Name, "fails");
            await _world.DelayAsync(NextPause());
            // It stays impaired: it may be poisoned, and opening it again takes a start.
            disk.Faults.Clear();
        }
    }

    private Task RemoveAsync()
    {
        Impair()?.Remove();
        return Task.CompletedTask;
    }

    private SimDisk? Impair()
    {
        int limit = plan.ExceedsParity ? store.Disks.Count : store.Shape.Parity;
        int number = _random.Next(store.Disks.Count);
        if (_impaired.Count >= limit || !_impaired.Add(number))
        {
            return null;
        }

        return store.Disks[number];
    }

    private void Recover(SimDisk disk) => _impaired.Remove(store.Disks.ToList().IndexOf(disk));
}

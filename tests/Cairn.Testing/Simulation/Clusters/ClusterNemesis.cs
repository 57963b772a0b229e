using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Drives;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>Breaks nodes, disks and the network of a cluster, by seed and within the plan.</summary>
/// <remarks>
/// Invariants: every fault ends what it began, at the latest when the work is over. Errors need no budget: a store that
/// cannot be reached says so. Only what is taken for good does: never more disks than the newest acknowledged write can
/// lose, until the cluster is whole again.
/// Not here: what the network does (<see cref="NetworkNemesis"/>).
/// </remarks>
internal sealed class ClusterNemesis
{
    private readonly SimCluster _cluster;
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly NetworkNemesis _network;
    private readonly List<Func<Task>> _strikes = [];
    private readonly int _lanes;
    private readonly HashSet<SimNode> _struckNodes = [];
    private readonly HashSet<SimDisk> _struckDisks = [];
    private readonly int _freshParity;
    private readonly int _nodeParity;
    private int _lost;
    private Task _work = Task.CompletedTask;

    public ClusterNemesis(SimCluster cluster, ClusterFaults plan)
    {
        _cluster = cluster;
        _world = cluster.World;
        _random = SimRandom.Named(_world.Seed, "nemesis");
        _network = new NetworkNemesis(cluster, plan, _random);
        _lanes = plan.Lanes;
        _freshParity = cluster.FreshParity;
        _nodeParity = cluster.NodeParity;
        Add(plan.Kills, 2, () => RestartAsync(losesPower: false));
        Add(plan.PowerLosses, 2, () => RestartAsync(losesPower: true));
        Add(plan.Blackouts, 1, BlackOutAsync);
        Add(plan.Pauses, 2, PauseAsync);
        Add(plan.ClockJumps, 1, JumpAsync);
        Add(plan.Partitions, 2, () => _network.PartAsync(WaitAsync));
        Add(plan.BadLinks, 1, () => _network.SpoilAsync(WaitAsync));
        Add(plan.SlowDisks, 1, SlowAsync);
        Add(plan.HangingDisks, 1, HangAsync);
        Add(plan.FailingDisks, 1, FailAsync);
        Add(plan.FullDisks, 1, FillAsync);
        Add(plan.Removals, 1, RemoveAsync);
        Add(plan.Replacements, 2, ReplaceAsync);
        Add(plan.Swaps, 1, SwapAsync);
    }

    /// <summary>All faults are over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Strikes again and again, in several places at once, until the work is done.</summary>
    public Task RunAsync(Task work)
    {
        _work = work;
        return Task.WhenAll(Enumerable.Range(0, _strikes.Count == 0 ? 0 : _lanes).Select(_ => RunLaneAsync()));
    }

    /// <summary>Ends what is left of the faults and starts who is down.</summary>
    public void Heal()
    {
        _cluster.Network.Faults.Clear();
        foreach (SimDisk disk in _cluster.Disks)
        {
            disk.Faults.Clear();
            disk.CapacityBytes = SimDisk.Unlimited;
            if (!disk.IsPresent)
            {
                disk.Return();
            }
        }

        // As the operator is told to: an empty drive that was not there when its node started gets its place at the next start.
        foreach (SimNode node in _cluster.Nodes.Where(node => node.IsStarted && node.Disks.Any(SimDrive.IsEmpty)))
        {
            node.Kill(losesPower: false);
        }

        IsOver = true;
    }

    private void Add(bool isPlanned, int weight, Func<Task> strike)
    {
        if (isPlanned)
        {
            _strikes.AddRange(Enumerable.Repeat(strike, weight));
        }
    }

    private async Task RunLaneAsync()
    {
        while (!_work.IsCompleted)
        {
            await WaitAsync(Duration(TimeSpan.FromSeconds(3)));
            if (!_work.IsCompleted)
            {
                await _random.Pick(_strikes)();
            }
        }
    }

    /// <summary>Waits, but not longer than the work goes on.</summary>
    private async Task WaitAsync(TimeSpan duration)
    {
        if (!_work.IsCompleted)
        {
            await Task.WhenAny(_work, _world.DelayAsync(duration));
        }
    }

    // Most faults are short: what is still under way then makes the difference.
    private TimeSpan Duration(TimeSpan longest) => _random.PickWeighted([3, 3, 1]) switch
    {
        0 => TimeSpan.FromMilliseconds(_random.Next(50)),
        1 => longest * 0.1 * _random.NextDouble(),
        _ => longest * _random.NextDouble(),
    };

    private async Task RestartAsync(bool losesPower)
    {
        await StrikeNodeAsync(async node =>
        {
            if (_random.Chance(0.5))
            {
                await WaitForHalfAWriteAsync();
            }

            node.Kill(losesPower);
            await WaitAsync(Duration(TimeSpan.FromSeconds(30)));
            node.Start();
        });
    }

    private async Task BlackOutAsync()
    {
        SimNode[] hit = [.. _cluster.Nodes.Where(_struckNodes.Add)];
        foreach (SimNode node in hit)
        {
            _cluster.HoldDown(node);
            node.Kill(losesPower: true);
        }

        foreach (SimNode node in hit.OrderBy(_ => _random.NextUInt64()))
        {
            await WaitAsync(Duration(TimeSpan.FromSeconds(5)));
            Release(node);
            node.Start();
        }
    }

    private Task PauseAsync() => StrikeNodeAsync(async node =>
    {
        if (_random.Chance(0.5))
        {
            await WaitForHalfAWriteAsync();
        }

        node.Process.Pause();
        await WaitAsync(Duration(TimeSpan.FromSeconds(40)));
        node.Process.Resume();
    });

    private Task JumpAsync()
    {
        SimNode node = _random.Pick(_cluster.Nodes);
        TimeSpan size = _random.Pick(
        [
            TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), TimeSpan.FromHours(3),
        ]);
        node.Skew = _random.Chance(0.3) ? TimeSpan.Zero : _random.Between(-size, size);
        return Task.CompletedTask;
    }

    private Task SlowAsync() => StrikeDiskAsync(async disk =>
    {
        disk.Faults.Slowness = _random.Pick([5, 50, 500]);
        _world.Record(disk.Name, "slow");
        await WaitAsync(Duration(TimeSpan.FromSeconds(20)));
        disk.Faults.Slowness = 1;
    });

    private Task HangAsync() => StrikeDiskAsync(async disk =>
    {
        disk.Faults.Hang();
        _world.Record(disk.Name, "hangs");
        await WaitAsync(Duration(TimeSpan.FromSeconds(60)));
        disk.Faults.Release();
    });

    private Task FailAsync() => StrikeDiskAsync(async disk =>
    {
        disk.Faults.ReadErrorChance = _random.Pick([0, 0.05, 0.5]);
        disk.Faults.WriteErrorChance = _random.Pick([0, 0.01, 0.2]);
        disk.Faults.SyncErrorChance = _random.Pick([0, 0.01, 0.2]);
        _world.Record(disk.Name, "fails");
        await WaitAsync(Duration(TimeSpan.FromSeconds(20)));
        disk.Faults.Clear();
    });

    private Task FillAsync() => StrikeDiskAsync(async disk =>
    {
        disk.CapacityBytes = disk.UsedBytes + _random.Next(100_000);
        _world.Record(disk.Name, "runs full");
        await WaitAsync(Duration(TimeSpan.FromSeconds(30)));
        disk.CapacityBytes = SimDisk.Unlimited;
    });

    private Task RemoveAsync() => StrikeDiskAsync(async disk =>
    {
        disk.Remove();
        await WaitAsync(Duration(TimeSpan.FromSeconds(30)));
        disk.Return();
    });

    private async Task ReplaceAsync()
    {
        if (_cluster.IsWhole)
        {
            _lost = 0;
        }

        await StrikeNodeAsync(async node =>
        {
            // A whole node's disks are one loss where no partition has two of them.
            bool isWhole = _random.Chance(0.3) && _nodeParity > 1;
            if (_lost >= _freshParity || !node.IsUp || node.Disks.Any(_struckDisks.Contains))
            {
                return;
            }

            _lost++;
            node.Kill(_random.Chance(0.5));
            foreach (int place in isWhole ? Enumerable.Range(0, node.Disks.Count) : [_random.Next(node.Disks.Count)])
            {
                node.Replace(place);
            }

            await WaitAsync(Duration(TimeSpan.FromSeconds(10)));
            node.Start();
        });
    }

    private Task SwapAsync() => StrikeNodeAsync(left => StrikeNodeAsync(async right =>
    {
        // Only disks that have their places: an empty one that is put into another node rightly takes a place there.
        if (!left.IsUp || !right.IsUp || left.Disks.Concat(right.Disks).Any(_struckDisks.Contains))
        {
            return;
        }

        left.Kill(losesPower: false);
        right.Kill(losesPower: false);
        (int leftPlace, int rightPlace) = (_random.Next(left.Disks.Count), _random.Next(right.Disks.Count));
        Swap();
        left.Start();
        right.Start();
        await WaitAsync(TimeSpan.FromSeconds(8));
        left.Kill(losesPower: false);
        right.Kill(losesPower: false);
        Swap();
        left.Start();
        right.Start();

        void Swap()
        {
            (left.Disks[leftPlace], right.Disks[rightPlace]) = (right.Disks[rightPlace], left.Disks[leftPlace]);
            _world.Record("nemesis", "swaps", left.Disks[leftPlace].Name + " and " + right.Disks[rightPlace].Name);
        }
    }));

    // Most moments are idle ones. Right after some drives have written something others usually have not.
    private async Task WaitForHalfAWriteAsync()
    {
        SimDisk[] disks = [.. _cluster.Disks];
        for (int batches = _random.Between(1, disks.Length); batches > 0; batches--)
        {
            await Task.WhenAny(_random.Pick(disks).NextIndexBatch, _world.DelayAsync(TimeSpan.FromMilliseconds(20)));
        }
    }

    private async Task StrikeNodeAsync(Func<SimNode, Task> strike)
    {
        SimNode node = _random.Pick(_cluster.Nodes);
        if (!_struckNodes.Add(node))
        {
            return;
        }

        _cluster.HoldDown(node);
        await strike(node);
        Release(node);
    }

    private void Release(SimNode node)
    {
        _struckNodes.Remove(node);
        _cluster.LetGo(node);
    }

    private async Task StrikeDiskAsync(Func<SimDisk, Task> strike)
    {
        SimDisk disk = _random.Pick(_cluster.Disks.ToArray());
        if (disk.IsPresent && _struckDisks.Add(disk))
        {
            await strike(disk);
            _struckDisks.Remove(disk);
        }
    }
}

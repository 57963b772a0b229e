using Cairn.Testing.Histories;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Drives;
using Cairn.Testing.Simulation.Stores;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>One run of a cluster by seed: nodes form a store, clients against a nemesis, quiescence, checks.</summary>
/// <remarks>
/// What must hold: every answer of any node fits one order of the operations (per key); when all faults are over, the
/// nodes come up and say that they are whole, and every acknowledged byte is there through every one of them, also after
/// a loss of all power, also with as many nodes away as parity covers.
/// </remarks>
internal sealed class ClusterRun
{
    private static readonly TimeSpan FormationLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SilenceEnd = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan WholenessLimit = TimeSpan.FromMinutes(30);

    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimCluster _cluster;
    private readonly ClusterFaults _faults;
    private readonly StoreWorkload _workload;
    private readonly StoreAudit _audit;
    private readonly ClusterLayout? _changes;
    private ClusterNemesis? _nemesis;

    private ClusterRun(World world, StoreMutation mutation, bool isElastic)
    {
        _world = world;
        _random = SimRandom.Named(world.Seed, "run");
        (int nodes, int drives) = isElastic
            ? _random.Pick([(3, 2), (4, 2), (4, 2), (5, 1), (5, 2)])
            : _random.Pick([(3, 1), (3, 2), (4, 1), (4, 1), (4, 2), (5, 1)]);
        _cluster = new SimCluster(world, nodes, drives, mutation);
        _changes = isElastic ? new ClusterLayout(_cluster) : null;
        _faults = ClusterFaults.Draw(_random);
        if (mutation != StoreMutation.None)
        {
            // A broken rule shows in writes of which only a part was done.
            _faults = _faults with { Kills = true, PowerLosses = true, Partitions = true, Lanes = Math.Max(1, _faults.Lanes) };
        }

        bool isHot = _random.Chance(0.5);
        _workload = new StoreWorkload
        {
            World = world,
            History = new ObjectHistory { OnEvent = text => world.Record("clients", text) },
            Store = new ClusterAccess(_cluster, "all"),
            IsVersioned = _random.Chance(0.4),
            Keys = [.. new[] { "a", "a/b", "a/c", "b" }.Take(isHot ? _random.Between(1, 2) : _random.Between(1, 4))],
            IsHot = isHot,
            Sizes = [0, Contents.SmallestSize, 900, 2_000, 20_000],
            PartSizes = [Contents.SmallestSize, 500, 10_000],
            PartCounts = [1, 1, 2, 3],
            IsLossExcused = () => _nemesis is { IsOver: false },
        };
        _audit = new StoreAudit(_workload);
    }

    /// <param name="world">Its seed decides the run.</param>
    /// <param name="mutation">A fault of the protocol, or none.</param>
    /// <param name="isElastic">The layout changes meanwhile.</param>
    /// <exception cref="SimulationFailure">A rule was broken.</exception>
    public static OutcomeCounts Run(World world, StoreMutation mutation, bool isElastic = false)
    {
        ClusterRun run = new(world, mutation, isElastic);
        world.Run(run.RunAsync);
        return run._workload.Outcomes;
    }

    private async Task RunAsync()
    {
        await StartAsync();
        await _audit.CreateBucketAsync();
        _nemesis = new ClusterNemesis(_cluster, _faults);
        int clients = _random.Between(2, 5);
        Task work = Task.WhenAll(Enumerable.Range(1, clients).Select(i => RunClientAsync("client " + i)));
        Task changes = _changes?.DisturbAsync(work) ?? Task.CompletedTask;
        await _nemesis.RunAsync(work);
        await work;
        await changes;
        _nemesis.Heal();
        // What was silent for long is given up just now, and connected again.
        await _world.DelayAsync(SilenceEnd);
        await BecomeWholeAsync("after all faults");
        if (_changes is not null)
        {
            await _changes.SettleAsync();
            await BecomeWholeAsync("after the layout came to rest");
        }

        await ReadThroughAllAsync("auditor");
        await BlackOutAsync();
        await ReadThroughAllAsync("auditor after a blackout");
        // A clock that is ahead makes what it left half done look fresh: until then nobody clears it away.
        if (!_faults.ClockJumps)
        {
            await ReadWithoutParityAsync();
        }

        // Not before: what nobody was told may still come to its quorum when fewer drives are heard (docs/consistency.md).
        await _audit.DecideAsync();
        if (_random.Chance(0.2))
        {
            await AssertCleanAsync();
        }

        _audit.Conclude();
    }

    private async Task StartAsync()
    {
        foreach (SimNode node in _cluster.Nodes.OrderBy(_ => _random.NextUInt64()))
        {
            node.Start();
            await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        }

        await _cluster.StartAllAsync(FormationLimit);
        if (!await _cluster.TryAwaitAsync(() => _cluster.IsWhole, FormationLimit))
        {
            throw _world.Fail("A new cluster does not become whole:\n" + _cluster.Condition());
        }
    }

    // A client that comes through a balancer, or one that knows only its own node.
    private Task RunClientAsync(string name)
    {
        ClusterAccess access = new(_cluster, name, favourite: _random.Chance(0.5) ? _random.Pick(_cluster.Nodes) : null);
        return new StoreClient(_workload, name, access).RunAsync(_random.Between(5, 20));
    }

    private async Task BecomeWholeAsync(string when)
    {
        await _cluster.StartAllAsync(WholenessLimit);
        if (!await _cluster.TryAwaitAsync(() => _cluster.IsWhole, WholenessLimit))
        {
            throw _world.Fail($"The cluster does not become whole {when}:\n" + _cluster.Condition());
        }
    }

    private async Task ReadThroughAllAsync(string name)
    {
        foreach (SimNode node in _cluster.Nodes.Where(node => node.IsUp))
        {
            await _audit.ReadAllAsync($"{name} through {node.Name}", new ClusterAccess(_cluster, name + node.Name, node));
        }
    }

    private async Task BlackOutAsync()
    {
        foreach (SimNode node in _cluster.Nodes)
        {
            node.Kill(losesPower: true);
        }

        await BecomeWholeAsync("after a blackout");
    }

    /// <summary>What parity is for: as many nodes as it covers go away, and everything is still there.</summary>
    private async Task ReadWithoutParityAsync()
    {
        // The start before this one was not clean: writes whose coordinator died are being finished.
        await _world.DelayAsync(TimeSpan.FromSeconds(10));
        await BecomeWholeAsync("after a while");
        foreach (SimNode node in _cluster.Nodes.OrderBy(_ => _random.NextUInt64()).Take(_cluster.NodeParity).ToArray())
        {
            node.Kill(losesPower: _random.Chance(0.5));
        }

        await ReadThroughAllAsync("auditor without parity");
    }

    /// <summary>An orderly stop leaves no open file, and a start no shard that nobody refers to.</summary>
    private async Task AssertCleanAsync()
    {
        await BecomeWholeAsync("after nodes returned");
        // Calls to nodes that were away end by their deadline, and only then what they had open is closed.
        await _world.DelayAsync(SilenceEnd);
        foreach (SimNode node in _cluster.Nodes)
        {
            await node.StopAsync();
        }

        await BecomeWholeAsync("after an orderly stop");
        await _world.DelayAsync(TimeSpan.FromSeconds(30));
        foreach (SimDisk disk in _cluster.Disks)
        {
            if (SimDrive.FindOrphan(disk) is { } orphan)
            {
                throw _world.Fail($"{disk.Name}: an orphan is left after a start: {orphan}.");
            }
        }
    }
}

using Cairn.Testing.Histories;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Drives;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>One run of the store by seed: set up, clients against a nemesis, quiescence, checks.</summary>
/// <remarks>
/// What must hold: every answer fits an order of the operations (per key); every acknowledged byte is there at the end,
/// also after a loss of power, also with as many drives missing as parity covers; nobody wrote what is shown.
/// </remarks>
internal sealed class StoreRun
{
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimStore _store;
    private readonly FaultPlan _plan;
    private readonly StoreWorkload _workload;
    private readonly Nemesis _nemesis;
    private readonly StoreAudit _audit;

    private StoreRun(World world, StoreMutation mutation, bool isLinked, bool isElastic)
    {
        _world = world;
        _random = SimRandom.Named(world.Seed, "run");
        bool isHunt = mutation != StoreMutation.None;
        // With one drive there is no order to break between drives.
        int[] shapes = isHunt ? [2, 3, 4, 4, 4, 4, 4, 6] : [1, 2, 3, 4, 4, 4, 4, 6];
        StoreShape shape = StoreShape.Of(_random.Pick(shapes), isElastic ? _random.Between(1, 3) : 0);
        _plan = FaultPlan.Draw(_random);
        if (isHunt)
        {
            // A broken commit order shows in writes of which only a part was done.
            _plan = _plan with { Kills = true, PowerLosses = true };
        }

        if (isElastic)
        {
            // A coordinator does not tell the others of drives that take the places of others: that is another layout.
            _plan = _plan with { Replacements = false, Swaps = false, Rot = false };
        }

        // Drawn apart: the other runs do not depend on it.
        bool hasLateReads = SimRandom.Named(world.Seed, "late reads").Chance(0.3);
        _plan = _plan with { LateReads = hasLateReads || mutation.NeedsLateReads };

        _store = new SimStore(world, shape, mutation)
        {
            HasLateReads = _plan.LateReads,
            Links = isLinked ? new SimLinks(world) : null,
            Elasticity = isElastic ? new SimElasticity(world, shape, mutation) : null,
        };
        _nemesis = new Nemesis(_store, _plan);
        // Hot: everybody at the same keys without a pause. The rest leaves time for repairs and timeouts in between.
        bool isHot = _random.Chance(isElastic ? 0.2 : isHunt ? 0.75 : 0.5);
        _workload = new StoreWorkload
        {
            World = world,
            History = new ObjectHistory { OnEvent = text => world.Record("clients", text) },
            Store = _store,
            IsVersioned = _random.Chance(0.4),
            Keys = [.. new[] { "a", "a/b", "a/c", "b", "b/", "zz" }.Take(isHot ? _random.Between(1, 2) : _random.Between(1, 6))],
            IsHot = isHot,
            Sizes = [0, Contents.SmallestSize, 100, 900, 2_000, 20_000],
            PartSizes = [Contents.SmallestSize, 500, 3_000, 10_000],
            PartCounts = [1, 1, 2, 3],
            IsLossExcused = () => _store.Links is { IsQuiet: false }
                || (isElastic && !_nemesis.IsOver)
                || (_plan.ExceedsParity && !_nemesis.IsOver) || _nemesis.IsBeyondFreshParity,
        };
        _audit = new StoreAudit(_workload);
    }

    /// <param name="world">Its seed decides the run.</param>
    /// <param name="mutation">A fault of the protocol, or none.</param>
    /// <param name="isLinked">The drives are behind links, over a network with faults.</param>
    /// <param name="isElastic">Several coordinators, and a layout that changes under them.</param>
    /// <exception cref="SimulationFailure">A rule was broken.</exception>
    public static OutcomeCounts Run(World world, StoreMutation mutation, bool isLinked = false, bool isElastic = false)
    {
        var run = new StoreRun(world, mutation, isLinked, isElastic);
        world.Run(run.RunAsync);
        return run._workload.Outcomes;
    }

    // Layouts take seconds to change, and histories are to last as long.
    private int DrawOperations() => _store.Elasticity is null ? _random.Between(5, 25) : _random.Between(10, 30);

    private async Task RunAsync()
    {
        await _store.StartAsync();
        await _audit.CreateBucketAsync();
        // What coordinators remember of a bucket they remember for a while.
        await _world.DelayAsync(_store.Elasticity is null ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
        int clients = _random.Between(1, 5);
        Task work = Task.WhenAll(Enumerable.Range(1, clients).Select(
            i => new StoreClient(_workload, "client " + i).RunAsync(DrawOperations())));
        Task cuts = _store.Links?.DisturbAsync(_store.Disks.Count) ?? Task.CompletedTask;
        Task changes = _store.Elasticity?.DisturbAsync(work) ?? Task.CompletedTask;
        await _nemesis.RunAsync(work);
        await work;
        await changes;
        _store.Links?.Quieten();
        await cuts;
        await _nemesis.HealAsync();
        if (_store.Elasticity is { } elasticity && !await elasticity.TrySettleAsync(TimeSpan.FromHours(1)))
        {
            throw _world.Fail("The layout does not come to rest: " + elasticity.Condition);
        }

        // Drives that kept silent are asked again from time to time; commits and repairs on their way arrive.
        await _world.DelayAsync(TimeSpan.FromMinutes(2));
        if (!await _store.TryAwaitWholeAsync(TimeSpan.FromMinutes(30)) && !_nemesis.HasRotted)
        {
            throw _world.Fail("The store does not become whole: " + _store.Condition());
        }

        // What dead or impatient writers have left is settled without a client.
        if (!_nemesis.HasRotted && _store.FindHalfDone() is { } bay)
        {
            throw _world.Fail($"{bay.Name} still holds a value that waits for its commit.");
        }

        await _audit.ReadAllAsync("auditor");
        await _audit.DecideAsync();
        await _store.RestartAsync(losesPower: true);
        await _audit.ReadAllAsync("auditor after a power loss");
        await AuditWithoutParityAsync();
        await AssertCleanAsync();
        _audit.Conclude();
    }

    /// <summary>What parity is for: as many drives as it covers go away, and everything is still there.</summary>
    private async Task AuditWithoutParityAsync()
    {
        // What rots unnoticed may be out of reach together with another drive: that takes a scrub.
        if (_nemesis.HasRotted)
        {
            return;
        }

        // The start before this one was not clean: writes whose coordinator died are being finished.
        await _world.DelayAsync(TimeSpan.FromMinutes(2));
        await _store.TryAwaitWholeAsync(TimeSpan.FromMinutes(30));
        var places = Enumerable.Range(0, _store.Disks.Count).ToList();
        for (int count = _store.Shape.Parity; count > 0; count--)
        {
            int place = _random.Pick(places);
            places.Remove(place);
            _store.Disks[place].Remove();
        }

        await _audit.ReadAllAsync("auditor without parity");
        foreach (SimDisk disk in _store.Disks.Where(d => !d.IsPresent))
        {
            disk.Return();
        }

        if (!await _store.TryAwaitWholeAsync(TimeSpan.FromMinutes(30)))
        {
            throw _world.Fail("The store does not become whole after its drives returned: " + _store.Condition());
        }
    }

    /// <summary>An orderly stop leaves no open file, and a start no shard that nobody refers to.</summary>
    private async Task AssertCleanAsync()
    {
        // A drive whose index was begun anew keeps what lies on it until it is rebuilt, and looks for orphans at the start
        // after that.
        bool isWhole = await _store.TryAwaitWholeAsync(TimeSpan.FromMinutes(30));
        await _store.StopAsync();
        if (!isWhole)
        {
            return;
        }

        await _store.StartAsync();
        await _world.DelayAsync(TimeSpan.FromMinutes(2));
        foreach (SimDisk disk in _store.Disks)
        {
            if (SimDrive.FindOrphan(disk) is { } orphan)
            {
                throw _world.Fail($"{disk.Name}: an orphan is left after a start: {orphan}.");
            }
        }
    }
}

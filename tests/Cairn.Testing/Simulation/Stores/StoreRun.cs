using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Versions;
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

    private StoreRun(World world, StoreMutation mutation)
    {
        _world = world;
        _random = SimRandom.Named(world.Seed, "run");
        StoreShape shape = StoreShape.Of(_random.Pick([1, 2, 3, 4, 4, 4, 4, 6]));
        _plan = FaultPlan.Draw(_random);
        if (mutation != StoreMutation.None)
        {
            // A broken commit order shows in writes of which only a part was done.
            _plan = _plan with { Kills = true };
        }

        _store = new SimStore(world, shape, mutation);
        _nemesis = new Nemesis(_store, _plan);
        // Hot: everybody at the same keys without a pause. The rest leaves time for repairs and timeouts in between.
        bool isHot = _random.Chance(0.5);
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
            IsLossExcused = () => (_plan.ExceedsParity && !_nemesis.IsOver) || _nemesis.IsBeyondFreshParity,
        };
    }

    /// <exception cref="SimulationFailure">A rule was broken.</exception>
    public static OutcomeCounts Run(World world, StoreMutation mutation)
    {
        var run = new StoreRun(world, mutation);
        world.Run(run.RunAsync);
        return run._workload.Outcomes;
    }

    private async Task RunAsync()
    {
        await _store.StartAsync();
        await CreateBucketAsync();
        int clients = _random.Between(1, 5);
        Task work = Task.WhenAll(Enumerable.Range(1, clients).Select(
            i => new StoreClient(_workload, "client " + i).RunAsync(_random.Between(5, 25))));
        await _nemesis.RunAsync(work);
        await work;
        await _nemesis.HealAsync();
        // Drives that kept silent are asked again from time to time; commits and repairs on their way arrive.
        await _world.DelayAsync(TimeSpan.FromMinutes(2));
        if (!await _store.TryAwaitWholeAsync(TimeSpan.FromMinutes(30)) && !_nemesis.HasRotted)
        {
            throw _world.Fail("The store does not become whole: " + _store.Condition());
        }

        await AuditAsync("auditor");
        await DecideAsync();
        await _store.RestartAsync(losesPower: true);
        await AuditAsync("auditor after a power loss");
        await AuditWithoutParityAsync();
        await AssertCleanAsync();
        if ((new VersionAudit(_workload).Complete() ?? _workload.History.FindViolation()) is { } violation)
        {
            throw _world.Fail(violation);
        }
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

        await AuditAsync("auditor without parity");
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

    private async Task CreateBucketAsync()
    {
        ObjectResult<BucketDescription> created = await _store.CallAsync(
            store => store.CreateBucketAsync(StoreWorkload.Bucket, CancellationToken.None));
        if (created.IsOk && _workload.IsVersioned)
        {
            created = await _store.CallAsync(store => store.UpdateBucketAsync(
                StoreWorkload.Bucket, b => b with { Versioning = BucketVersioning.Enabled }, CancellationToken.None));
        }

        if (!created.IsOk)
        {
            throw _world.Fail($"The bucket cannot be made: {created.Error}.");
        }
    }

    /// <summary>Reads everything, in quiescence: every read must be served.</summary>
    private async Task AuditAsync(string name)
    {
        var auditor = new StoreClient(_workload, name);
        foreach (string key in _workload.Keys)
        {
            await auditor.AuditAsync(key);
        }
    }

    /// <summary>Versions of unknown outcome: after all faults, the store shows which ones there are.</summary>
    private async Task DecideAsync()
    {
        if (!_workload.IsVersioned || StoreWorkload.IsListingMissing)
        {
            return;
        }

        IReadOnlyList<ObjectDescription> versions =
            await new StoreClient(_workload, "judge").ListVersionsAsync(limit: 1000)
            ?? throw _world.Fail("Versions cannot be listed in quiescence.");
        HashSet<int> writes = [];
        foreach (ObjectDescription version in versions.Where(v => !v.IsDeleteMarker))
        {
            // Listings show no metadata, which is where a version says whose it is.
            ObjectResult<ObjectDescription> described = await _store.CallAsync(store =>
                store.DescribeAsync(StoreWorkload.Bucket, version.Key, version.Version, CancellationToken.None));
            int write = described.IsOk
                ? StoreWorkload.WriteOf(described.Value!)
                : throw _world.Fail($"A listed version of {version.Key} cannot be described: {described.Error}.");
            writes.Add(write);
            _workload.Order.Know(write, version.Version);
        }

        long end = _workload.History.Tick();
        foreach (UndecidedWrite undecided in _workload.Undecided.Where(u => u.Operation.IsUnknown))
        {
            if (!undecided.IsMarker)
            {
                undecided.Decide(writes.Contains(undecided.Write), _workload.Order, end);
            }
        }

        // Markers look alike: only when there is none, or one that only one write can have made, is it known which.
        foreach (IGrouping<string, UndecidedWrite> markers in _workload.Undecided
            .Where(u => u.IsMarker && u.Operation.IsUnknown).GroupBy(u => u.Key))
        {
            ObjectDescription[] strangers = [.. versions.Where(
                v => v.IsDeleteMarker && v.Key == markers.Key && !_workload.Writes.ContainsKey(v.Version))];
            if (strangers.Length == 0 || (strangers.Length == 1 && markers.Count() == 1))
            {
                foreach (UndecidedWrite marker in markers)
                {
                    if (strangers.Length == 1)
                    {
                        _workload.Order.Know(marker.Write, strangers[0].Version);
                    }

                    marker.Decide(strangers.Length == 1, _workload.Order, end);
                }
            }
        }
    }
}

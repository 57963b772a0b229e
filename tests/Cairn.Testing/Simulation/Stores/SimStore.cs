using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Drives;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>The production store over production drives on simulated disks: one process that can be killed and started.</summary>
/// <remarks>
/// Invariants: what runs is what the server runs, built with new; only disks, clock, chance and work are simulated, and
/// a mutation, if there is one, wraps the drives. The layout, which the server keeps on its drives, is kept here.
/// </remarks>
internal sealed class SimStore : StoreAccess
{
    public const int InlineShardLimit = 1024;

    private readonly StoreMutation _mutation;
    private readonly Func<IDrive, int, IDrive> _wrap;
    private readonly SimRandom _random;
    private readonly List<SimDisk> _disks = [];
    private StoreLayout _layout;
    private SimProcess? _process;
    private ObjectStore? _store;
    private IReadOnlyList<ObjectStore> _stores = [];
    private IReadOnlyList<DriveBay> _bays = [];
    private TaskCompletionSource _isUp = NewGate();
    private int _starts;
    private int _disksMade;

    public SimStore(World world, StoreShape shape, StoreMutation mutation)
    {
        World = world;
        Shape = shape;
        _mutation = mutation;
        _wrap = mutation.Begin();
        _layout = shape.FirstLayout;
        _random = SimRandom.Named(world.Seed, "store");
        for (int i = 0; i < shape.Drives; i++)
        {
            _disks.Add(NewDisk());
        }
    }

    /// <summary>What lies between the store and its drives; null: nothing, as on one node.</summary>
    public SimLinks? Links { get; init; }

    /// <summary>Several coordinators over the same drives, and a layout that changes; null: one, and one layout.</summary>
    public SimElasticity? Elasticity { get; init; }

    /// <summary>Reads begin late or are answered late.</summary>
    public bool HasLateReads { get; init; }

    public World World { get; }

    public StoreShape Shape { get; }

    /// <summary>By the place they are in.</summary>
    public IReadOnlyList<SimDisk> Disks => _disks;

    public bool IsUp => _isUp.Task.IsCompleted;

    /// <summary>Every drive is there, and nothing is known to be missing on any.</summary>
    public bool IsWhole => IsUp && _store!.GetHealStatus().IsWhole;

    public override async Task<T> CallAsync<T>(Func<ObjectStore, Task<T>> call)
    {
        await _isUp.Task;
        ObjectStore store = Elasticity is null ? _store! : _random.Pick([.. _stores]);
        return await _process!.RunAsync(() => call(store));
    }

    /// <summary>Starts a new process over the disks that are there.</summary>
    public async Task StartAsync()
    {
        _process = new SimProcess(World, "node " + ++_starts);
        SimProcess process = _process;
        // Clocks of machines are wrong, and a restart may find them set back.
        process.Time.Skew = TimeSpan.FromMilliseconds(_random.Pick([0, 0, 0, 50, -50, 5_000, -5_000]));
        _store = await process.RunAsync(() => OpenAsync(process));
        _isUp.SetResult();
    }

    /// <summary>kill -9; with the power gone, also what the kernel had not written.</summary>
    public void Kill(bool losesPower)
    {
        _isUp = NewGate();
        _process!.Kill();
        if (losesPower)
        {
            _disks.ForEach(disk => disk.LosePower());
        }
    }

    public async Task RestartAsync(bool losesPower)
    {
        Kill(losesPower);
        await World.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        await StartAsync();
    }

    /// <summary>SIGTERM: an orderly stop.</summary>
    public async Task StopAsync()
    {
        IReadOnlyList<ObjectStore> stores = _stores;
        await _process!.RunAsync(async () =>
        {
            foreach (ObjectStore store in stores)
            {
                await store.DisposeAsync();
            }

            foreach (DriveBay bay in _bays)
            {
                await bay.DisposeAsync();
            }
        });
        _isUp = NewGate();
        _process.Kill();
        foreach (SimDisk disk in _disks.Where(d => d.OpenFiles.Count > 0))
        {
            throw World.Fail($"{disk.Name}: {string.Join(", ", disk.OpenFiles)} are still open after the stop.");
        }
    }

    /// <summary>Puts an empty disk in a place. The node must be down.</summary>
    public void Replace(int place)
    {
        _disks[place].Remove();
        _disks[place] = NewDisk();
        World.Record(_disks[place].Name, "takes the place", "", place);
    }

    /// <summary>Mixes two disks up. The node must be down.</summary>
    public void Swap(int left, int right)
    {
        (_disks[left], _disks[right]) = (_disks[right], _disks[left]);
        World.Record("nemesis", "swaps", _disks[left].Name + " and " + _disks[right].Name);
    }

    /// <summary>Waits until all drives are whole.</summary>
    public async Task<bool> TryAwaitWholeAsync(TimeSpan limit)
    {
        TimeSpan end = World.Now + limit;
        while (!IsWhole && World.Now < end)
        {
            await World.DelayAsync(TimeSpan.FromSeconds(1));
        }

        return IsWhole;
    }

    /// <summary>How healing stands, for a failure report.</summary>
    public string Condition() => string.Join("; ", _store!.GetHealStatus().Drives.Select(
        d => $"{d.State} {d.Activity} failed {d.Failed}")) + $"; {_store!.GetHealStatus().QueuedRepairs} repairs queued";

    /// <summary>A drive that holds a value whose commit nobody cares for any more; null when there is none.</summary>
    /// <remarks>What is on a drive that has left the layout is nobody's business.</remarks>
    public DriveBay? FindHalfDone() => _bays.FirstOrDefault(bay =>
        Elasticity?.HasLeft(bay.Id) is not true && bay.FindPending(TimeSpan.FromMinutes(1)).Count > 0);

    private async Task<ObjectStore> OpenAsync(SimProcess process)
    {
        SimDriveSet set = await SimDriveSet.OpenAsync(_disks, process, SimDriveSet.FirstIds, doNewDrivesRecover: false);
        _bays = set.Bays;
        if (Elasticity is not null)
        {
            return await OpenAsync(process, set, Elasticity);
        }

        _layout = TakePlaces(_layout, [.. set.Plan.Formats.Select(f => f.Drive)]);
        ObjectStore? opened = null;
        IReadOnlyList<IDrive> drives = Links is null
            ? set.Bays
            : await Links.AttachAsync(process, set.Bays, () => opened?.OnDriveChanged());
        IDrive[] wrapped = [.. drives.Select((drive, number) => Wrap(drive, number, process))];
        ObjectStore store = opened = ObjectStore.Open(PartsOf(process, _layout, wrapped));
        foreach (DriveBay bay in set.Bays)
        {
            bay.Changed += _ => store.OnDriveChanged();
        }

        _stores = [store];
        return store;
    }

    private async Task<ObjectStore> OpenAsync(SimProcess process, SimDriveSet set, SimElasticity elasticity)
    {
        IDrive[] drives = [.. set.Bays.Select((drive, number) => Wrap(drive, number, process))];
        _stores = await elasticity.OpenAsync(
            process, drives, (layout, reached) => ObjectStore.Open(PartsOf(process, layout, reached)));
        foreach (DriveBay bay in set.Bays)
        {
            foreach (ObjectStore store in _stores)
            {
                bay.Changed += _ => store.OnDriveChanged();
            }
        }

        return _stores[0];
    }

    private ObjectStoreParts PartsOf(SimProcess process, StoreLayout layout, IReadOnlyList<IDrive> drives) => new()
    {
        Layout = layout,
        Drives = drives,
        Environment = new StoreEnvironment(process.Time, process.Entropy, process.Work),
        Options = new QuorumOptions
        {
            InlineShardLimit = InlineShardLimit,
            DriveDeadline = Elasticity?.DriveDeadline ?? TimeSpan.FromSeconds(5),
        },
        SmallestPart = 1,
    };

    private IDrive Wrap(IDrive drive, int number, SimProcess process) => HasLateReads
        ? new TardyDrive(_wrap(drive, number), process.Time, _random)
        : _wrap(drive, number);

    private static StoreLayout TakePlaces(StoreLayout layout, IReadOnlyList<DriveId> present)
    {
        LayoutDrive[] gone = [.. layout.Drives.Where(d => !present.Contains(d.Id))];
        DriveId[] fresh = [.. present.Where(id => layout.Drives.All(d => d.Id != id))];
        return gone.Zip(fresh).Aggregate(
            layout, (l, pair) => l.ReplaceDrive(pair.First.Id, pair.First with { Id = pair.Second }));
    }

    private SimDisk NewDisk()
    {
        var disk = new SimDisk(World, "disk " + ++_disksMade);
        _mutation.Spoil(disk);
        return disk;
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using Cairn.Drives;
using Cairn.Drives.Format;
using Cairn.Drives.Os;
using Cairn.Objects;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Drives;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>The production store over production drives on simulated disks: one process that can be killed and started.</summary>
/// <remarks>
/// Invariants: what runs is what the server runs, built with new; only disks, clock, chance and work are simulated, and
/// a mutation, if there is one, wraps the drives.
/// </remarks>
internal sealed class SimStore
{
    public const int InlineShardLimit = 1024;

    private readonly StoreMutation _mutation;
    private readonly SimRandom _random;
    private SimProcess? _process;
    private ObjectStore? _store;
    private TaskCompletionSource _isUp = NewGate();
    private int _starts;

    public SimStore(World world, StoreShape shape, StoreMutation mutation)
    {
        World = world;
        Shape = shape;
        _mutation = mutation;
        _random = SimRandom.Named(world.Seed, "store");
        Disks = [.. shape.DriveIds.Select((_, i) => new SimDisk(world, "disk " + (i + 1)))];
        foreach (SimDisk disk in Disks)
        {
            mutation.Spoil(disk);
        }
    }

    public World World { get; }

    public StoreShape Shape { get; }

    /// <summary>By the drive's number in the shape.</summary>
    public IReadOnlyList<SimDisk> Disks { get; }

    public bool IsUp => _isUp.Task.IsCompleted;

    /// <summary>Calls the store inside its process, once it is up.</summary>
    /// <exception cref="ProcessKilledException">Whether the call took effect is unknown.</exception>
    public async Task<T> CallAsync<T>(Func<ObjectStore, Task<T>> call)
    {
        await _isUp.Task;
        ObjectStore store = _store!;
        return await _process!.RunAsync(() => call(store));
    }

    public Task<T> CallAsync<T>(Func<ObjectStore, ValueTask<T>> call) => CallAsync(store => call(store).AsTask());

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
            foreach (SimDisk disk in Disks)
            {
                disk.LosePower();
            }
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
        ObjectStore store = _store!;
        await _process!.RunAsync(() => store.DisposeAsync().AsTask());
        _isUp = NewGate();
        _process.Kill();
        foreach (SimDisk disk in Disks.Where(d => d.OpenFiles > 0))
        {
            throw World.Fail($"{disk.Name}: {disk.OpenFiles} files are still open after the stop.");
        }
    }

    private async Task<ObjectStore> OpenAsync(SimProcess process)
    {
        IDrive?[] drives = await Task.WhenAll(Disks.Select((disk, i) => TryOpenAsync(process, disk, i)));
        return ObjectStore.Open(new ObjectStoreParts
        {
            Layout = Shape.Layout,
            Drives = [.. drives.OfType<IDrive>()],
            Environment = new StoreEnvironment(process.Time, process.Entropy, process.Work),
            Options = new QuorumOptions
            {
                InlineShardLimit = InlineShardLimit,
                DriveDeadline = TimeSpan.FromSeconds(5),
            },
            SmallestPart = 1,
        });
    }

    private async Task<IDrive?> TryOpenAsync(SimProcess process, SimDisk disk, int number)
    {
        var format = new DriveFormat
        {
            Deployment = new DeploymentId(new Guid(1, 2, 3, new byte[8])),
            Drive = Shape.DriveIds[number],
            Drives = Shape.DriveIds,
            Epoch = 1,
        };
        try
        {
            return _mutation.Wrap(await SimDrive.OpenAsync(disk, process, format, isRecovering: false), number);
        }
        catch (DriveIoException fault)
        {
            World.Record(disk.Name, "not opened", fault.Fault.ToString());
            return null;
        }
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

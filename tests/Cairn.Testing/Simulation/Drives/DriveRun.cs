using Cairn.Drives;
using Cairn.Drives.Format;
using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Simulation.Drives;

/// <summary>One drive under clients, crashes and device faults, against a model that knows what it must hold.</summary>
/// <remarks>
/// What holds: every answer agrees with the model; what was answered survives every crash; what was not is there whole
/// or not at all; shards of entries are intact; after the last start no shard file is left that nobody refers to.
/// </remarks>
internal sealed class DriveRun
{
    public static readonly BucketId Bucket = new(1);

    private static readonly DriveFormat Format = new()
    {
        Deployment = new DeploymentId(new Guid(1, 2, 3, new byte[8])),
        Drive = SimDrive.IdOf(1),
        Drives = [SimDrive.IdOf(1)],
        Epoch = 1,
    };

    private readonly SimRandom _random;
    private readonly SimDisk _disk;
    private SimProcess _process;
    private LocalDrive? _drive;
    private TaskCompletionSource _isUp = NewGate();
    private int _starts;
    private ulong _clock;

    private DriveRun(World world)
    {
        World = world;
        _random = SimRandom.Named(world.Seed, "drive run");
        _disk = new SimDisk(world, "disk");
        _process = new SimProcess(world, "node 0");
    }

    public World World { get; }

    public bool HasFaults { get; private set; }

    public static void Run(World world) => world.Run(() => new DriveRun(world).RunAsync());

    /// <summary>Calls the drive in its process, waiting for it to be up.</summary>
    public async Task CallAsync(Func<IDrive, Task> call)
    {
        await _isUp.Task;
        LocalDrive drive = _drive!;
        await _process.RunAsync(() => call(drive));
    }

    public Task AwaitHealthyAsync() => _drive is { State: DriveState.Poisoned } ? RestartAsync(losesPower: false) : Task.CompletedTask;

    /// <summary>Above every clock that any client has used, and therefore above the drive's floor.</summary>
    public ulong NextClock() => ++_clock;

    private async Task RunAsync()
    {
        await StartAsync();
        DriveClient[] clients = [.. Enumerable.Range(0, _random.Between(1, 5)).Select(i => new DriveClient(this, i))];
        bool isCrashing = _random.Chance(0.8);
        bool isFaulty = _random.Chance(0.4);
        Task work = Task.WhenAll(clients.Select(c => c.RunAsync(_random.Between(10, 80))));
        Task lookers = Task.WhenAll(clients.Select(c => c.LookOnAsync(work)));
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, World.DelayAsync(_random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(300))));
            if (!work.IsCompleted && (isCrashing || isFaulty))
            {
                await StrikeAsync(isCrashing, isFaulty);
            }
        }

        await work;
        await lookers;
        await EndAsync(clients);
    }

    private async Task StrikeAsync(bool isCrashing, bool isFaulty)
    {
        if (isFaulty && _random.Chance(0.5))
        {
            HasFaults = true;
            _disk.Faults.ReadErrorChance = _random.Pick([0, 0.02, 0.2]);
            _disk.Faults.WriteErrorChance = _random.Pick([0, 0.01, 0.1]);
            _disk.Faults.SyncErrorChance = _random.Pick([0, 0.01, 0.1]);
            await World.DelayAsync(TimeSpan.FromMilliseconds(_random.Next(50)));
            _disk.Faults.Clear();
        }
        else if (isCrashing)
        {
            await RestartAsync(losesPower: _random.Chance(0.7));
        }
    }

    private async Task EndAsync(DriveClient[] clients)
    {
        _disk.Faults.Clear();
        await RestartAsync(losesPower: true);
        foreach (DriveClient client in clients)
        {
            await client.VerifyAsync();
        }

        // An orderly stop, and what it leaves behind when the power fails right after it.
        await CallAsync(async drive => await drive.DisposeAsync());
        if (_disk.OpenFiles.Count != 0)
        {
            throw World.Fail($"{string.Join(", ", _disk.OpenFiles)} are still open after the drive was closed.");
        }

        _isUp = NewGate();
        _process.Kill();
        _disk.LosePower();
        if (_disk.Tables.Find(IndexFamily.System, SystemRow.CleanKey) is not null)
        {
            AssertNoOrphans("after an orderly stop");
        }

        await StartAsync();
        foreach (DriveClient client in clients)
        {
            await client.VerifyAsync();
        }

        // The sweep of the last start runs in the background; it is over long before this.
        await World.DelayAsync(TimeSpan.FromMinutes(1));
        AssertNoOrphans("after a start");
        AssertNoLostRows(clients);
    }

    private async Task RestartAsync(bool losesPower)
    {
        if (!_isUp.Task.IsCompleted)
        {
            await _isUp.Task;
            return;
        }

        _isUp = NewGate();
        _process.Kill();
        if (losesPower)
        {
            _disk.LosePower();
        }

        await World.DelayAsync(TimeSpan.FromMilliseconds(_random.Next(100)));
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _disk.Faults.Clear();
        _process = new SimProcess(World, "node " + ++_starts);
        SimProcess process = _process;
        _drive = await process.RunAsync(() => SimDrive.OpenAsync(_disk, process, Format, isRecovering: false));
        _isUp.SetResult();
    }

    private void AssertNoOrphans(string when)
    {
        if (SimDrive.FindOrphan(_disk) is { } orphan)
        {
            throw World.Fail($"An orphan is left {when}: {orphan}.");
        }
    }

    private void AssertNoLostRows(DriveClient[] clients)
    {
        HashSet<DataId> named = [.. clients.SelectMany(c => c.Model.Entries).SelectMany(e => e.Data)];
        int rows = _disk.Tables.Table(IndexFamily.Shards).Count;
        if (rows != named.Count)
        {
            throw World.Fail($"The drive keeps {rows} shards; its entries refer to {named.Count}.");
        }
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

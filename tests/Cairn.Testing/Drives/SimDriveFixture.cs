using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Format;
using Cairn.Drives.Os;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Drives;

/// <summary>A LocalDrive on a simulated disk. Everything runs inside the world.</summary>
internal sealed class SimDriveFixture : DriveFixture
{
    private readonly World _world;
    private SimProcess _process;
    private int _lives;

    private SimDriveFixture(World world)
    {
        _world = world;
        Disk = new SimDisk(world, "disk");
        _process = world.Root;
    }

    public SimDisk Disk { get; }

    public World World => _world;

    public LocalDriveOptions Options { get; init; } = new() { ReserveBytes = 0, ReservePercent = 0 };

    public DriveId Id { get; } = new(new Guid("11111111-2222-3333-4444-555555555555"));

    public override IDrive Drive { get; protected set; } = null!;

    public List<DriveFault> Reported { get; } = [];

    /// <summary>Formats a drive and opens it.</summary>
    public static async Task<SimDriveFixture> StartAsync(
        World world, bool isRecovering = false, LocalDriveOptions? options = null)
    {
        SimDriveFixture fixture = options is null
            ? new SimDriveFixture(world)
            : new SimDriveFixture(world) { Options = options };
        SimMount mount = fixture.Disk.Mount();
        SimIndex index = await SimIndex.OpenAsync(mount, world.Root);
        DriveFormat format = new()
        {
            Deployment = new DeploymentId(fixture.Id.Value),
            Drive = fixture.Id,
            Drives = [fixture.Id],
            Epoch = 1,
        };
        await DriveFormatter.BeginAsync(new SimFiles(mount), default);
        await DriveFormatter.FinishAsync(new SimFiles(mount), index, format, isRecovering, default);
        await index.DisposeAsync();
        await fixture.OpenAsync();
        return fixture;
    }

    public override async Task ReopenAsync()
    {
        await Drive.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>The machine loses power and starts again.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        Disk.LosePower();
        await OpenAsync();
    }

    public override ValueTask DisposeAsync() => Drive.DisposeAsync();

    /// <summary>How often a bay tried to open the drive.</summary>
    public int MountCount { get; private set; }

    /// <summary>For a bay over the disk, in the scenario's own process. The fixture's drive must be closed.</summary>
    public DriveBayParts BayParts() => new()
    {
        Id = Id,
        Name = "disk",
        MountAsync = MountAsync,
        Time = _world.Root.Time,
        Scheduler = _world.Root.Work,
    };

    private async Task OpenAsync()
    {
        SimProcess process = new(_world, "drive " + _lives++);
        _process = process;
        SimMount mount = Disk.Mount();
        Drive = await process.RunAsync(() => OpenAsync(process, mount, fault => Reported.Add(fault.Fault)));
    }

    private async ValueTask<MountedDrive> MountAsync(Action<DriveIoException> onFault)
    {
        MountCount++;
        SimMount mount = Disk.Mount();
        LocalDrive drive = await OpenAsync(_world.Root, mount, onFault);
        return new MountedDrive(drive, () => ValueTask.FromResult(!mount.IsDetached), drive.DisposeAsync);
    }

    private async Task<LocalDrive> OpenAsync(SimProcess process, SimMount mount, Action<DriveIoException> onFault) =>
        await LocalDrive.OpenAsync(new LocalDriveParts
        {
            Id = Id,
            Files = new SimFiles(mount),
            Index = await SimIndex.OpenAsync(mount, process),
            Time = process.Time,
            Scheduler = process.Work,
            Options = Options,
            OnFault = onFault,
        });
}

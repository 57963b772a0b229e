using Cairn.Drives;
using Cairn.Drives.Format;
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

    private async Task OpenAsync()
    {
        SimProcess process = new(_world, "drive " + _lives++);
        _process = process;
        SimMount mount = Disk.Mount();
        Drive = await process.RunAsync(async () =>
        {
            LocalDriveParts parts = new()
            {
                Id = Id,
                Files = new SimFiles(mount),
                Index = await SimIndex.OpenAsync(mount, process),
                Time = process.Time,
                Scheduler = process.Work,
                Options = Options,
                OnFault = fault => Reported.Add(fault.Fault),
            };
            return await LocalDrive.OpenAsync(parts);
        });
    }
}

using Cairn.Drives;
using Cairn.Drives.Format;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>A store engine over local drives on simulated disks, each behind a FaultyDrive. Everything in one world.</summary>
internal sealed class QuorumFixture : IAsyncDisposable
{
    private readonly World _world;
    private readonly SimDisk[] _disks;

    private QuorumFixture(World world, int drives)
    {
        _world = world;
        _disks = [.. Enumerable.Range(0, drives).Select(index => new SimDisk(world, "disk" + index))];
    }

    public FaultyDrive[] Drives { get; private set; } = [];

    public StoreEngine Engine { get; private set; } = null!;

    public RegisterQuorum Quorum => Engine.Quorum;

    public static RegisterKey Key(string name, RegisterSpace space = RegisterSpace.Objects) =>
        RegisterKey.Of(space, new BucketId(7), System.Text.Encoding.UTF8.GetBytes(name));

    /// <summary>Runs a scenario under several seeds, so that interleavings differ.</summary>
    public static void Run(
        int drives, Func<QuorumFixture, Task> scenario, int seeds = 5, Func<StoreLayout, StoreLayout>? relayout = null,
        QuorumOptions? options = null)
    {
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using QuorumFixture fixture = await StartAsync(world, drives, relayout, options);
                await scenario(fixture);
            });
        }
    }

    public static async Task<QuorumFixture> StartAsync(
        World world, int count, Func<StoreLayout, StoreLayout>? relayout = null, QuorumOptions? options = null)
    {
        QuorumFixture fixture = new(world, count) { Drives = new FaultyDrive[count] };
        for (int index = 0; index < count; index++)
        {
            fixture.Drives[index] = new FaultyDrive(await fixture.FormatAsync(index, IdOf(index), isRecovering: false));
        }

        StoreLayout layout = LayoutPlanner.PlanFirst(
            [.. fixture.Drives.Select(drive => new LayoutDrive(drive.Id, "node"))]);
        fixture.Engine = fixture.Compose(relayout?.Invoke(layout) ?? layout, options ?? new QuorumOptions());
        return fixture;
    }

    /// <summary>A second coordinator over the same drives, with its own clock.</summary>
    public StoreEngine Compose(StoreLayout layout, QuorumOptions options) => Compose(layout, Drives, options);

    /// <summary>A coordinator that reaches the drives in its own way.</summary>
    public StoreEngine Compose(StoreLayout layout, IReadOnlyList<IDrive> drives, QuorumOptions? options = null) => new(
        layout,
        drives,
        new PlainRecords(),
        new StoreEnvironment(_world.Root.Time, _world.Root.Entropy, _world.Root.Work),
        options ?? new QuorumOptions());

    /// <summary>Takes the file of a shard away behind the drive's back.</summary>
    public void LoseFile(int drive, DataId data) =>
        _disks[drive].Names.Change(new(Cairn.Drives.Shards.ShardFiles.PathOf(data), null, null));

    public Task DelayAsync(TimeSpan delay) => _world.DelayAsync(delay);

    /// <summary>Whether a task ends within that much virtual time. Not WhenAny, which would leave the world.</summary>
    public async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < limit && !task.IsCompleted; waited += TimeSpan.FromMilliseconds(10))
        {
            await _world.DelayAsync(TimeSpan.FromMilliseconds(10));
        }

        return task.IsCompleted;
    }

    /// <summary>As WhenAll, inside the world.</summary>
    public static async Task<T[]> AllAsync<T>(List<Task<T>> tasks)
    {
        List<T> results = [];
        foreach (Task<T> task in tasks)
        {
            results.Add(await task);
        }

        return [.. results];
    }

    /// <summary>Lets background commits and everything else that needs no timer finish.</summary>
    public Task SettleAsync() => _world.DelayAsync(TimeSpan.FromSeconds(1));

    /// <summary>Takes the drive away and puts an empty one in its place, which is recovering.</summary>
    public async Task ReplaceAsync(int index)
    {
        FaultyDrive drive = Drives[index];
        await drive.Inner.DisposeAsync();
        _disks[index] = new SimDisk(_world, "replacement" + index);
        drive.Inner = await FormatAsync(index, drive.Id, isRecovering: true);
    }

    /// <summary>Closes a drive and opens it again.</summary>
    public async Task ReopenAsync(int index)
    {
        await Drives[index].Inner.DisposeAsync();
        Drives[index].Inner = await OpenAsync(index, Drives[index].Id);
    }

    /// <summary>The drives of a key's partition, by position.</summary>
    public FaultyDrive[] DrivesOf(RegisterKey key) =>
        [.. Engine.PartitionOf(key).Drives.Select(handle => Drives.Single(drive => drive.Id == handle.Id))];

    public async Task<string?> ReadTextAsync(RegisterKey key, VersionId? slot = null)
    {
        var read = await Quorum.ReadAsync(key, slot, withInline: false, default);
        if (!read.IsOk)
        {
            return "!" + read.Error;
        }

        RegisterValue? value = slot is null ? read.Value.Current : read.Value.Slot;
        return value is null ? null : PlainRecords.TextOf(value.Body);
    }

    public ValueTask<Cairn.Objects.ObjectResult<RegisterValue>> WriteAsync(
        RegisterKey key, string text, bool isVersion = false) =>
        Quorum.WriteAsync(
            key,
            new RegisterDraft { Slot = isVersion ? null : VersionId.Null, Body = PlainRecords.Encode(text) },
            default);

    public async ValueTask DisposeAsync()
    {
        foreach (FaultyDrive drive in Drives)
        {
            drive.Release();
        }

        await Engine.DisposeAsync();
    }

    public static DriveId IdOf(int index) => new(new Guid(index + 1, 0, 0, new byte[8]));

    private async Task<LocalDrive> FormatAsync(int index, DriveId id, bool isRecovering)
    {
        SimMount mount = _disks[index].Mount();
        SimIndex empty = await SimIndex.OpenAsync(mount, _world.Root);
        DriveFormat format = new()
        {
            Deployment = new DeploymentId(new Guid(99, 0, 0, new byte[8])),
            Drive = id,
            Drives = [.. Enumerable.Range(0, _disks.Length).Select(IdOf)],
            Epoch = 1,
        };
        await DriveFormatter.BeginAsync(new SimFiles(mount), default);
        await DriveFormatter.FinishAsync(new SimFiles(mount), empty, format, isRecovering, default);
        await empty.DisposeAsync();
        return await OpenAsync(index, id);
    }

    private async Task<LocalDrive> OpenAsync(int index, DriveId id)
    {
        SimMount mount = _disks[index].Mount();
        return await LocalDrive.OpenAsync(new LocalDriveParts
        {
            Id = id,
            Files = new SimFiles(mount),
            Index = await SimIndex.OpenAsync(mount, _world.Root),
            Time = _world.Root.Time,
            Scheduler = _world.Root.Work,
            Options = new LocalDriveOptions { ReserveBytes = 0, ReservePercent = 0 },
        });
    }
}

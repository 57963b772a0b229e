using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Cairn.Drives;
using Cairn.Drives.Format;
using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Buckets;
using Cairn.Objects.Layout;
using Cairn.Objects.Multipart;
using Cairn.Objects.Quorum;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Disks;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Store;

/// <summary>The whole store over local drives on simulated disks, in one world.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    public const string Bucket = "bucket";

    private readonly World _world;
    private readonly SimDisk[] _disks;
    private readonly StoreLayout _layout;
    private readonly bool _arePeers;
    private SimProcess _process;
    private int _lives;

    private StoreFixture(World world, int drives, bool arePeers)
    {
        _arePeers = arePeers;
        _world = world;
        _process = world.Root;
        _disks = [.. Enumerable.Range(0, drives).Select(index => new SimDisk(world, "disk" + index))];
        _layout = LayoutPlanner.PlanFirst([.. _disks.Select((_, index) => new LayoutDrive(IdOf(index), "node"))]);
    }

    public ObjectStore Store { get; private set; } = null!;

    /// <summary>A second coordinator over the same drives, as another node would be: its own clock and locks.</summary>
    public ObjectStore OtherStore { get; private set; } = null!;

    /// <summary>The drives as Store sees them.</summary>
    public FaultyDrive[] Drives { get; private set; } = [];

    /// <summary>The same drives as OtherStore sees them.</summary>
    public FaultyDrive[] OtherDrives { get; private set; } = [];

    /// <summary>Runs a scenario under several seeds, so that interleavings differ.</summary>
    public static void Run(Func<StoreFixture, Task> scenario, int drives = 4, int seeds = 3)
    {
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            RunSeed(scenario, seed, drives);
        }
    }

    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">Decides the interleaving.</param>
    /// <param name="drives">How many.</param>
    /// <param name="arePeers">The two coordinators tell each other of changed buckets, as nodes do.</param>
    public static void RunSeed(Func<StoreFixture, Task> scenario, ulong seed, int drives = 4, bool arePeers = false)
    {
        World world = new(seed);
        world.Run(async () =>
        {
            StoreFixture fixture = new(world, drives, arePeers);
            for (int index = 0; index < drives; index++)
            {
                await fixture.FormatAsync(index);
            }

            await fixture.OpenAsync();
            await using (fixture)
            {
                Assert.True((await fixture.Store.CreateBucketAsync(Bucket, default)).IsOk);
                await scenario(fixture);
            }
        });
    }

    /// <summary>Bytes that differ with the seed.</summary>
    public static byte[] Bytes(int size, int seed = 1)
    {
        byte[] bytes = new byte[size];
        new SimRandom((ulong)seed).Fill(bytes);
        return bytes;
    }

    public static PutRequest Request(string key) => new() { Bucket = Bucket, Key = key };

#pragma warning disable CA5351 // S3 defines the ETag as an MD5.
    public static string ETagOf(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    public async Task<PutReceipt> PutAsync(string key, string text = "text", WriteCondition? condition = null)
    {
        ObjectResult<PutReceipt> put = await Store.PutAsync(
            Request(key) with { Condition = condition }, new TestBody(Encoding.UTF8.GetBytes(text)), default);
        Assert.Equal(ObjectError.None, put.Error);
        return put.Value!;
    }

    public async Task<DeleteReceipt> DeleteAsync(string key, VersionId? version = null)
    {
        ObjectResult<DeleteReceipt> deleted = await Store.DeleteAsync(Bucket, key, version, null, default);
        Assert.Equal(ObjectError.None, deleted.Error);
        return deleted.Value!;
    }

    public async Task<byte[]> ReadAsync(string key, VersionId? version = null)
    {
        ObjectResult<ObjectReader> opened = await Store.OpenAsync(Bucket, key, version, default);
        Assert.Equal(ObjectError.None, opened.Error);
        await using ObjectReader reader = opened.Value!;
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        await reader.CopyToAsync(pipe.Writer, 0, reader.Description.Size, default);
        await pipe.Writer.CompleteAsync();
        using MemoryStream bytes = new();
        await pipe.Reader.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>The text of a version, or the error instead of it.</summary>
    public async Task<string> ReadTextAsync(string key, VersionId? version = null)
    {
        ObjectResult<ObjectDescription> described = await Store.DescribeAsync(Bucket, key, version, default);
        return described.IsOk
            ? Encoding.UTF8.GetString(await ReadAsync(key, version))
            : described.Error.ToString();
    }

    public async Task<ObjectDescription> DescribeAsync(string key, VersionId? version = null)
    {
        ObjectResult<ObjectDescription> described = await Store.DescribeAsync(Bucket, key, version, default);
        Assert.Equal(ObjectError.None, described.Error);
        return described.Value!;
    }

    public async Task SetVersioningAsync(BucketVersioning versioning)
    {
        ObjectResult<BucketDescription> updated = await Store.UpdateBucketAsync(
            Bucket, bucket => bucket with { Versioning = versioning }, default);
        Assert.Equal(versioning, updated.Value!.Versioning);
    }

    public async Task<string> CreateUploadAsync(
        string key, ChecksumAlgorithm? checksum = null, ChecksumType? type = null)
    {
        ObjectResult<UploadDescription> upload = await Store.CreateUploadAsync(Request(key), checksum, type, default);
        Assert.Equal(ObjectError.None, upload.Error);
        return upload.Value!.UploadId;
    }

    public async Task<CompletedPart> PutPartAsync(
        string key, string upload, int number, byte[] bytes, ChecksumAlgorithm? checksum = null)
    {
        ObjectResult<ObjectPart> part = await Store.PutPartAsync(
            Bucket, key, upload, number, new TestBody(bytes, checksum), default);
        Assert.Equal(ObjectError.None, part.Error);
        return new CompletedPart(number, part.Value!.ETag, part.Value.Checksum);
    }

    public ValueTask<ObjectResult<PutReceipt>> CompleteAsync(
        string key, string upload, params IReadOnlyList<CompletedPart> parts) =>
        Store.CompleteUploadAsync(
            new CompleteRequest { Bucket = Bucket, Key = key, UploadId = upload, Parts = parts }, default);

    /// <summary>Lets background work that needs no long timer finish.</summary>
    public Task SettleAsync() => _world.DelayAsync(TimeSpan.FromSeconds(1));

    public Task DelayAsync(TimeSpan delay) => _world.DelayAsync(delay);

    /// <summary>Pieces of data that some disk holds a shard of.</summary>
    public int CountData() => _disks.Max(disk => disk.Tables.Table(IndexFamily.Shards).Count);

    /// <summary>Registers of a kind that some disk holds a row of, tombstones included.</summary>
    public int CountRegisters(RegisterSpace space) => _disks.Max(
        disk => disk.Tables.Table(IndexFamily.Heads).Count(row => row.Key[0] == (byte)space));

    /// <summary>Calls into the process that owns the store; ends with ProcessKilledException when it dies.</summary>
    public Task<T> CallAsync<T>(Func<ObjectStore, ValueTask<T>> call)
    {
        ObjectStore store = Store;
        return _process.RunAsync(async () => await call(store));
    }

    public async Task ReopenAsync()
    {
        await DisposeAsync();
        await OpenAsync();
    }

    /// <summary>The process dies where it stands and starts again.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        await OpenAsync();
    }

    public ValueTask DisposeAsync() => new(_process.RunAsync(async () =>
    {
        await OtherStore.DisposeAsync();
        await Store.DisposeAsync();
    }));

    private static DriveId IdOf(int index) => new(new Guid(index + 1, 0, 0, new byte[8]));

    private async Task FormatAsync(int index)
    {
        SimMount mount = _disks[index].Mount();
        SimIndex empty = await SimIndex.OpenAsync(mount, _world.Root);
        DriveFormat format = new()
        {
            Deployment = new DeploymentId(new Guid(99, 0, 0, new byte[8])),
            Drive = IdOf(index),
            Drives = [.. _disks.Select((_, other) => IdOf(other))],
            Epoch = 1,
        };
        await DriveFormatter.BeginAsync(new SimFiles(mount), default);
        await DriveFormatter.FinishAsync(new SimFiles(mount), empty, format, isRecovering: false, default);
        await empty.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        SimProcess process = new(_world, "store " + _lives++);
        _process = process;
        Store = await process.RunAsync(async () =>
        {
            List<IDrive> drives = [];
            for (int index = 0; index < _disks.Length; index++)
            {
                SimMount mount = _disks[index].Mount();
                drives.Add(await LocalDrive.OpenAsync(new LocalDriveParts
                {
                    Id = IdOf(index),
                    Files = new SimFiles(mount),
                    Index = await SimIndex.OpenAsync(mount, process),
                    Time = process.Time,
                    Scheduler = process.Work,
                    Options = new LocalDriveOptions { ReserveBytes = 0, ReservePercent = 0 },
                }));
            }

            OtherDrives = [.. drives.Select(drive => new FaultyDrive(drive))];
            OtherStore = Compose(process, OtherDrives, new Peer(() => Store));
            Drives = [.. drives.Select(drive => new FaultyDrive(drive))];
            return Compose(process, Drives, new Peer(() => OtherStore));
        });
    }

    private ObjectStore Compose(SimProcess process, IReadOnlyList<IDrive> drives, Peer peer) => ObjectStore.Open(new ObjectStoreParts
    {
        Layout = _layout,
        Drives = drives,
        BucketPeers = _arePeers ? peer : null,
        Environment = new StoreEnvironment(process.Time, process.Entropy, process.Work),
        SmallestPart = 100,
    });

    private sealed class Peer(Func<ObjectStore?> other) : IBucketPeers
    {
        public ValueTask<bool> TryForgetAsync(string bucket, CancellationToken cancellationToken)
        {
            other()?.ForgetBucket(bucket);
            return ValueTask.FromResult(true);
        }
    }
}

using Cairn.Drives;
using Cairn.Drives.Format;
using Cairn.Drives.Index;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Os;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Drives;

/// <summary>A LocalDrive on RocksDB and files, in a temporary folder.</summary>
internal sealed class OsDriveFixture : DriveFixture
{
    private readonly RocksDbEnvironment _environment = new(new RocksDbSizes { CacheBytes = 8 << 20, WriteBufferBytes = 4 << 20 });
    private readonly DriveThreads _threads = new("test", 2, 1000);

    public string Root { get; } = Directory.CreateTempSubdirectory("cairn-drive-").FullName;

    public DriveId Id { get; } = new(new Guid("11111111-2222-3333-4444-555555555555"));

    public LocalDriveOptions Options { get; init; } = new() { ReserveBytes = 0, ReservePercent = 0 };

    public override IDrive Drive { get; protected set; } = null!;

    public static async Task<OsDriveFixture> StartAsync()
    {
        OsDriveFixture fixture = new();
        OsDriveFiles files = new(fixture.Root, fixture._threads);
        DriveFormat format = new()
        {
            Deployment = new DeploymentId(fixture.Id.Value),
            Drive = fixture.Id,
            Drives = [fixture.Id],
            Epoch = 1,
        };
        await DriveFormatter.BeginAsync(files, default);
        await using (RocksDbIndex index = await fixture.OpenIndexAsync(RocksDbMode.Create))
        {
            await DriveFormatter.FinishAsync(files, index, format, isRecovering: false, default);
        }

        await fixture.OpenAsync();
        return fixture;
    }

    public override async Task ReopenAsync()
    {
        await Drive.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>Flips a byte in the middle of a row's value, chosen as the first of its family, past RocksDB's own checks.</summary>
    /// <returns>The row's key.</returns>
    public async Task<byte[]> FlipRowAsync(IndexFamily family)
    {
        await Drive.DisposeAsync();
        byte[] key;
        await using (RocksDbIndex index = await OpenIndexAsync(RocksDbMode.Open))
        {
            IndexBatch batch = new();
            using (IIndexCursor cursor = index.OpenCursor(family, default, [0xff]))
            {
                Expect.That(cursor.MoveNext());
                key = cursor.Key.ToArray();
                byte[] value = cursor.Value.ToArray();
                value[value.Length / 2] ^= 1;
                batch.Put(family, key, value);
            }

            await index.WriteAsync(batch);
        }

        await OpenAsync();
        return key;
    }

    public override async ValueTask DisposeAsync()
    {
        await Drive.DisposeAsync();
        _threads.Dispose();
        _environment.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private ValueTask<RocksDbIndex> OpenIndexAsync(RocksDbMode mode) => RocksDbIndex.OpenAsync(
        new RocksDbSettings { Environment = _environment, Path = Path.Combine(Root, "index"), Mode = mode }, _threads);

    private async Task OpenAsync()
    {
        LocalDriveParts parts = new()
        {
            Id = Id,
            Files = new OsDriveFiles(Root, _threads),
            Index = await OpenIndexAsync(RocksDbMode.Open),
            Time = TimeProvider.System,
            Scheduler = new PoolWork(),
            Options = Options,
        };
        Drive = await LocalDrive.OpenAsync(parts);
    }
}

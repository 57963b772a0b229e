using System.Security.Cryptography;
using Cairn.Drives;
using Cairn.Drives.Os;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Versions;
using Cairn.Primitives;
using Cairn.Primitives.Scheduling;

namespace Cairn.Benchmarks.Listing;

/// <summary>A store on drives in folders, with a bucket full of small objects.</summary>
internal sealed class FilledStore : IAsyncDisposable
{
    public const string Bucket = "listing";

    private const int WritersAtOnce = 128;

    private readonly LocalDriveSet _drives;
    private readonly string? _scratch;

    private FilledStore(LocalDriveSet drives, ObjectStore store, string? scratch)
    {
        _drives = drives;
        _scratch = scratch;
        Store = store;
    }

    public ObjectStore Store { get; }

    public static async Task<FilledStore> OpenAsync(ListingSettings settings)
    {
        var scratch = settings.Folder is null ? Directory.CreateTempSubdirectory("cairn-listing-").FullName : null;
        var root = settings.Folder ?? scratch!;
        var options = new OsDriveOptions
        {
            Time = TimeProvider.System,
            Entropy = new OsEntropy(),
            Scheduler = new PoolWork(),
            Drive = new LocalDriveOptions { ReserveBytes = 0, ReservePercent = 0 },
        };
        var drives = await LocalDriveSet.OpenAsync(
            [.. Enumerable.Range(1, settings.Drives).Select(i => Path.Combine(root, "drive" + i))], options);
        var layout = LayoutPlanner.PlanFirst([.. drives.Bays.Select(bay => new LayoutDrive(bay.Id, "node"))]);
        var store = ObjectStore.Open(new ObjectStoreParts
        {
            Layout = layout,
            Drives = drives.Bays,
            Environment = new StoreEnvironment(options.Time, options.Entropy, options.Scheduler),
        });
        var filled = new FilledStore(drives, store, scratch);
        await filled.FillAsync(settings);
        return filled;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _drives.DisposeAsync();
        if (_scratch is not null)
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    private async Task FillAsync(ListingSettings settings)
    {
        var created = await Store.CreateBucketAsync(Bucket, CancellationToken.None);
        if (created.Error == ObjectError.BucketAlreadyExists)
        {
            return;
        }

        var next = -1;
        var writers = Enumerable.Range(0, WritersAtOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < settings.Keys; i = Interlocked.Increment(ref next))
            {
                var key = $"folder-{i % settings.Folders:00000}/object-{i:000000000}";
                var put = await Store.PutAsync(
                    new PutRequest { Bucket = Bucket, Key = key }, new SmallBody(), CancellationToken.None);
                if (!put.IsOk)
                {
                    throw new InvalidOperationException($"{key}: {put.Error}");
                }
            }
        }));
        await Task.WhenAll(writers);
    }

    private sealed class SmallBody : IObjectBody
    {
        private static readonly byte[] Bytes = new byte[100];
        private static readonly byte[] Digest = new byte[16];
        private bool _isRead;

        public long? Length => Bytes.Length;

        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (_isRead)
            {
                return new ValueTask<int>(0);
            }

            _isRead = true;
            Bytes.CopyTo(destination);
            return new ValueTask<int>(Bytes.Length);
        }

        // Digests are not what is measured.
        public ValueTask HashAsync(ReadOnlyMemory<byte> bytes) => ValueTask.CompletedTask;

        public ValueTask<BodyDigest> FinishAsync(CancellationToken cancellationToken) => new(new BodyDigest(Digest, null));
    }

    private sealed class PoolWork : IWorkScheduler
    {
        public Task RunAsync(Action work) => Task.Run(work);

        public void Start(Func<Task> work) => _ = Task.Run(work);
    }

    private sealed class OsEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}

using Cairn.Api.Admin;
using Cairn.Drives;
using Cairn.Drives.Index.RocksDb;
using Cairn.Drives.Os;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>A real store on four drives in temporary folders.</summary>
internal sealed class TempStore : IAsyncDisposable
{
    public const string Node = "node";

    private const int DriveCount = 4;

    private readonly string _root;
    private readonly LocalDriveSet _drives;

    private TempStore(string root, LocalDriveSet drives, ObjectStore store, StoreLayout layout)
    {
        _root = root;
        _drives = drives;
        Store = store;
        Cluster = new ClusterSources
        {
            Deployment = drives.Deployment.ToString(),
            OwnNode = Node,
            Version = "0.0-test",
            ClusterAddresses = new Dictionary<string, string>(),
            Layout = () => layout,
        };
    }

    public ObjectStore Store { get; }

    public ClusterSources Cluster { get; }

    public static async Task<TempStore> StartAsync()
    {
        string root = Directory.CreateTempSubdirectory("cairn-functional-").FullName;
        var environment = new StoreEnvironment(TimeProvider.System, new SystemEntropy(), new PoolWork());
        string[] paths = [.. Enumerable.Range(1, DriveCount).Select(number => Path.Combine(root, "drive" + number))];
        LocalDriveSet drives = await LocalDriveSet.OpenAsync(paths, new OsDriveOptions
        {
            Time = environment.Time,
            Entropy = environment.Entropy,
            Scheduler = environment.Work,
            Index = new RocksDbSizes { CacheBytes = 16 << 20, WriteBufferBytes = 4 << 20 },
            Drive = new LocalDriveOptions { ReserveBytes = 0, ReservePercent = 0 },
        });
        LayoutDrive[] layout = [.. drives.Plan.Formats.Select(format => new LayoutDrive(format.Drive, Node))];
        StoreLayout planned = LayoutPlanner.PlanFirst(layout);
        ObjectStore store = ObjectStore.Open(new ObjectStoreParts
        {
            Layout = planned,
            Drives = [.. drives.Bays],
            Environment = environment,
        });
        return new TempStore(root, drives, store, planned);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _drives.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}

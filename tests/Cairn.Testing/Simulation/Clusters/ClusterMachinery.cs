using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Transport;
using Cairn.Drives.Bays;
using Cairn.Objects;
using Cairn.Objects.Formation;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>What one process of a node has running once it serves; closed in the order of the server.</summary>
internal sealed class ClusterMachinery(
    SimCluster cluster, FormedLayout formed, NodeServer server, RemoteNode?[] others, IReadOnlyList<DriveBay> bays)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreLayout Layout { get; private set; } = formed.Layout;

    public ObjectStore Store { get; private set; } = null!;

    public required LayoutStanding Standing { get; init; }

    public required LayoutAdministration Administration { get; init; }

    /// <summary>Tells the store about drives that come and go from now on.</summary>
    public void Follow(ObjectStore store, IEnumerable<RemoteDrive> drives)
    {
        Store = store;
        foreach (DriveBay bay in bays)
        {
            bay.Changed += _ => store.OnDriveChanged();
        }

        Watch(drives);
    }

    /// <summary>Takes layouts in from now on, once the others know of this node.</summary>
    public async Task ServeAsync(string node, StoreEnvironment environment)
    {
        Standing.Moves = () => Store.MoveCounts;
        Standing.Heard = epoch =>
        {
            if (epoch > Standing.Epoch)
            {
                formed.Watch.Hurry();
            }
        };
        Store.Outdated = formed.Watch.Hurry;
        Standing.Take(Layout);
        await Arrival.AwaitKnownAsync(formed.Register, Layout, environment.Time, _stop.Token);
        environment.Work.Start(WatchLayoutAsync);
        Store.StartMoving(formed.Register, node, new MovePace { Share = 1 });
    }

    public RemoteDrive DriveOf(LayoutDrive drive) => others[cluster.NumberOf(drive.Node)]!.GetDrive(drive.Id);

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _stopped.Task;
        _stop.Dispose();
        await Store.DisposeAsync();
        await server.DisposeAsync();
        foreach (RemoteNode? other in others)
        {
            if (other is not null)
            {
                await other.Link.DisposeAsync();
            }
        }

        foreach (DriveBay bay in bays)
        {
            await bay.DisposeAsync();
        }
    }

    private void Watch(IEnumerable<RemoteDrive> drives)
    {
        foreach (RemoteDrive drive in drives)
        {
            drive.Changed += _ => Store.OnDriveChanged();
        }
    }

    private async Task WatchLayoutAsync()
    {
        try
        {
            await formed.Watch.RunAsync(TakeAsync, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            _stopped.SetResult();
        }
    }

    private async ValueTask TakeAsync(StoreLayout next)
    {
        RemoteDrive[] arrived =
            [.. next.Drives.Where(drive => Layout.Drives.All(known => known.Id != drive.Id)).Select(DriveOf)];
        Watch(arrived);
        Standing.Open(next);
        await Store.TakeLayoutAsync(next, arrived);
        Layout = next;
        Standing.Take(next);
    }
}

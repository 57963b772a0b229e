using Cairn.Cluster.Agreement;
using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Topology;
using Cairn.Drives;
using Cairn.Drives.Os;
using Cairn.Objects;
using Cairn.Objects.Formation;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;
using Cairn.Primitives.Ids;
using Cairn.Server.Diagnostics;
using Cairn.Server.Options;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Composition;

/// <summary>From the drives of this node to the store of all nodes.</summary>
/// <remarks>
/// Steps: (1) this node becomes reachable, if there are others; (2) all agree on the layout; (3) the store is opened over
/// the drives of this node and of the others, and those who were here before hear of a node that is new; (4) later layouts
/// are taken in, and moves that they ask for are made. A node alone goes the same way, with itself as the majority.
/// </remarks>
internal sealed class StoreFormation : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly OwnDrives _own;
    private Task _watching = Task.CompletedTask;
    private Task _proposing = Task.CompletedTask;

    private StoreFormation(
        FormedLayout formed, ObjectStore store, OwnDrives own, ClusterConnections? connections, ILogger logger)
    {
        Deployment = formed.Deployment;
        Layout = formed.Layout;
        Store = store;
        Connections = connections;
        _own = own;
        _logger = logger;
    }

    public DeploymentId Deployment { get; }

    public StoreLayout Layout { get; private set; }

    public ObjectStore Store { get; }

    /// <summary>Null of a node alone.</summary>
    public ClusterConnections? Connections { get; }

    /// <summary>What an administrator sees and changes of the layout.</summary>
    public required LayoutAdministration Administration { get; init; }

    /// <exception cref="NodeStartException">The nodes, the drives or the configuration contradict each other.</exception>
    /// <exception cref="OperationCanceledException">Stopped while it waited for other nodes.</exception>
    public static async Task<StoreFormation> RunAsync(
        ServerModel model,
        TopologyNode own,
        LocalDriveSet drives,
        StoreEnvironment environment,
        ILoggerFactory logs,
        CancellationToken stop)
    {
        ILogger logger = logs.CreateLogger("Cairn.Server");
        NodeDescription description = new(own.Name, ArgumentsOf(model), [.. drives.Bays.Select(bay => bay.Id)]);
        AgreementAcceptor acceptor = new(new DriveAcceptorStore(drives.Bays));
        OwnDrives ownDrives = new(own.Name, drives.Bays);
        FormationService service = new(description, acceptor, ownDrives.Standing, new Candidates(environment.Time));
        ClusterConnections? connections = model.Topology.IsDistributed // (1)
            ? ClusterConnections.Open(model, own, ownDrives.Fenced, service, environment, logs)
            : null;
        try
        {
            LinkedNodes nodes = new(
                [.. model.Topology.Nodes.Select(node => node.Name)],
                connections?.Links ?? [null],
                service,
                environment.Time);
            connections?.Linked = nodes.Add;
            WaitingLog waiting = new(logger);
            FormedLayout formed = await LayoutFormation.RunAsync( // (2)
                nodes, acceptor, (model.StandardParity, model.ReducedParity), environment, waiting.Tell, stop);
            StoreLayout layout = formed.Layout;
            if (drives.Plan.IsNew && !formed.HasTakenPlaces)
            {
                await FreshDrives.EndRecoveryAsync(drives.Bays);
            }

            RefuseContradiction(ServerSettings.StandardClass, model.StandardParity, layout.StandardParity);
            RefuseContradiction(ServerSettings.ReducedClass, model.ReducedParity, layout.ReducedParity);
            List<RemoteDrive> others = connections is null
                ? []
                : [.. layout.Drives.Where(drive => ownDrives.IsElsewhere(drive)).Select(connections.DriveOf)];
            ownDrives.Standing.Open(layout);
            ObjectStore store = ObjectStore.Open(new ObjectStoreParts // (3)
            {
                Layout = layout,
                Drives = [.. ownDrives.In(layout), .. others],
                OwnDrives = [.. drives.Bays.Select(bay => bay.Id)],
                BucketPeers = connections is null ? null : nodes,
                Environment = environment,
            });
            service.ForgetBucket = store.ForgetBucket;
            Follow(others, store);
            StoreFormation formation = new(formed, store, ownDrives, connections, logger)
            {
                Administration = new LayoutAdministration(formed.Register, service.Candidates),
            };
            connections?.Membership.Agent.SetCluster(formed.Deployment.Value);
            connections?.Membership.Follow(store, () => formation.Layout);
            await formation.ServeAsync(formed, environment, stop);
            formation.Propose(new DriveProposal(nodes, description, environment.Time));
            return formation;
        }
        catch (Exception failure)
        {
            if (connections is not null)
            {
                await connections.DisposeAsync();
            }

            throw failure is FormationException ? new NodeStartException(failure.Message) : failure;
        }
    }

    /// <summary>Closes the store, then what lies between it and the other nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watching, _proposing);
        _stop.Dispose();
        await Store.DisposeAsync();
        if (Connections is not null)
        {
            await Connections.DisposeAsync();
        }
    }

    private async Task ServeAsync(FormedLayout formed, StoreEnvironment environment, CancellationToken stop)
    {
        LayoutStanding standing = _own.Standing;
        standing.Moves = () => Store.MoveCounts;
        standing.Heard = epoch =>
        {
            if (epoch > standing.Epoch)
            {
                formed.Watch.Hurry();
            }
        };
        Store.Outdated = formed.Watch.Hurry;
        standing.Take(Layout);
        await Arrival.AwaitKnownAsync(formed.Register, Layout, environment.Time, stop); // (3)
        _watching = UntilStoppedAsync(stopping => formed.Watch.RunAsync(TakeAsync, stopping)); // (4)
        Store.StartMoving(formed.Register, _own.Node, new MovePace());
    }

    private void Propose(DriveProposal proposal)
    {
        if (proposal.CountIn(Layout) is > 0 and int waiting)
        {
            Log.DrivesProposed(_logger, waiting);
            _proposing = UntilStoppedAsync(stop => proposal.RunAsync(() => Layout, stop));
        }
    }

    private async Task UntilStoppedAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async ValueTask TakeAsync(StoreLayout next)
    {
        LayoutDrive[] fresh = [.. next.Drives.Where(drive => Layout.Drives.All(known => known.Id != drive.Id))];
        List<RemoteDrive> arrived = [.. fresh.Where(_own.IsElsewhere).Select(drive => Connections!.DriveOf(drive))];
        Follow(arrived, Store);
        _own.Standing.Open(next);
        IDrive[] added = [.. _own.Among(fresh)];
        await FreshDrives.EndRecoveryAsync(added, next);
        await Store.TakeLayoutAsync(next, [.. arrived, .. added]);
        Layout = next;
        _own.Standing.Take(next);
        Log.LayoutTaken(_logger, next.Epoch, fresh.Length);
    }

    // What missed this node's drives stands in the journals of the others.
    private static void Follow(List<RemoteDrive> drives, ObjectStore store) =>
        drives.ForEach(drive => drive.Changed += _ => store.OnDriveChanged());

    private static ClusterArguments ArgumentsOf(ServerModel model)
    {
        Dictionary<string, string> settings = [];
        foreach ((Setting setting, int? parity) in ((Setting, int?)[])
            [(ServerSettings.StandardClass, model.StandardParity), (ServerSettings.ReducedClass, model.ReducedParity)])
        {
            if (parity is not null)
            {
                settings[setting.EnvironmentName] = $"EC:{parity}";
            }
        }

        return new ClusterArguments(model.Topology, settings);
    }

    // Quorums follow from the parity: changing it under stored objects would let two quorums miss each other.
    private static void RefuseContradiction(Setting setting, int? wanted, int stored)
    {
        if (wanted is not null && wanted != stored)
        {
            throw new NodeStartException(
                $"{setting.Key}: EC:{wanted} is wanted, but these drives were laid out with EC:{stored}; "
                + $"accepted: EC:{stored}, or nothing");
        }
    }
}

using Cairn.Api;
using Cairn.Api.Admin;
using Cairn.Api.Health;
using Cairn.Api.S3;
using Cairn.Cluster.Topology;
using Cairn.Drives.Bays;
using Cairn.Drives.Os;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Security.Identities;
using Cairn.Server.Diagnostics;
using Cairn.Server.Http;
using Cairn.Server.Options;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Composition;

/// <summary>A running node: drives, store and S3 endpoint, put together and taken apart in order.</summary>
/// <remarks>
/// Steps of the start: (1) which node this is, (2) its drives, (3) the store, together with the other nodes, (4) S3 on its
/// address, which does not listen before the store can serve. The end goes the other way round, after the requests in
/// flight.
/// </remarks>
internal sealed class Node : IAsyncDisposable
{
    // Names of containers and pods appear some time after their processes.
    private static readonly TimeSpan ResolvePause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger;
    private readonly DriveLog _driveLog;
    private readonly StoreFormation _formation;
    private readonly HttpEndpoint _endpoint;
    private readonly ServingState _serving;

    /// <summary>Set once the node runs; null when there is none.</summary>
    private DriveScrubbing? _scrubbing;

    private Node(
        LocalDriveSet drives,
        StoreFormation formation,
        HttpEndpoint endpoint,
        ServingState serving,
        DriveLog driveLog,
        ILogger logger)
    {
        _serving = serving;
        Drives = drives;
        _formation = formation;
        _endpoint = endpoint;
        _logger = logger;
        _driveLog = driveLog;
    }

    public LocalDriveSet Drives { get; }

    public StoreLayout Layout => _formation.Layout;

    /// <summary>Where clients reach the S3 API.</summary>
    public IReadOnlyCollection<string> Addresses => _endpoint.Addresses;

    /// <summary>Starts a node.</summary>
    /// <exception cref="NodeStartException">The drives or their layout stand against it.</exception>
    /// <exception cref="DriveIoException">The drives cannot be used as given.</exception>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    /// <exception cref="OperationCanceledException">Stopped while it waited for other nodes.</exception>
    public static async Task<Node> StartAsync(
        ServerModel model, RootCredential root, ILoggerFactory logs, CancellationToken stop)
    {
        ILogger logger = logs.CreateLogger("Cairn.Server");
        var environment = new StoreEnvironment(TimeProvider.System, new SystemEntropy(), new ThreadPoolScheduler());
        TopologyNode own = await FindOwnNodeAsync(model, logger, stop); // (1)
        // As given and not sorted: a drive's place in its node is its place among the arguments, also of older nodes.
        string[] paths = [.. model.Topology.AsGiven.Where(own.Endpoints.Contains).Select(endpoint => endpoint.Path)];
        LocalDriveSet drives = await LocalDriveSet.OpenAsync(paths, new OsDriveOptions // (2)
        {
            Time = environment.Time,
            Entropy = environment.Entropy,
            Scheduler = environment.Work,
            WalDirectory = model.WalDirectory,
            DoNewDrivesRecover = model.Topology.IsDistributed,
        });
        try
        {
            StoreFormation formation = await StoreFormation.RunAsync(model, own, drives, environment, logs, stop); // (3)
            ObjectStore store = formation.Store;
            DriveLog driveLog = new(logger, drives.Bays);
            driveLog.Follow(store);
            foreach (DriveBay bay in drives.Bays)
            {
                bay.Changed += _ => store.OnDriveChanged();
            }

            ServingState serving = new();
            ApiEndpoint api = new(new ApiParts
            {
                Serving = serving,
                Options = OptionsOf(model),
                Store = store,
                Credentials = new CredentialDirectory(new Credential(root.User, root.Password)),
                Cluster = SourcesOf(model, own, formation),
                Time = environment.Time,
                Logs = logs,
            });
            HttpEndpoint endpoint = await HttpEndpoint.StartAsync(model, api.HandleAsync, logs); // (4)
            formation.Connections?.Membership.Agent.Activate();
            return new Node(drives, formation, endpoint, serving, driveLog, logger)
            {
                _scrubbing = DriveScrubbing.Start(drives.Bays, store, model, environment.Time, logger),
            };
        }
        catch
        {
            await drives.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the admin API was asked to restart this node.</summary>
    public Task RestartRequested => _serving.RestartRequested;

    /// <summary>
    /// Tells balancers and the other nodes, serves on until they have heard it, then stops accepting requests and waits
    /// for those in flight, up to the configured times.
    /// </summary>
    public async Task LeaveAsync(ServerModel model)
    {
        _serving.Leave();
        Log.Leaving(_logger, model.LeaveTime.TotalSeconds);
        Task delay = Task.Delay(model.LeaveTime);
        if (_formation.Connections is { } connections)
        {
            await connections.Membership.Agent.LeaveAsync();
        }

        await delay;
        Log.Draining(_logger, model.DrainTimeout.TotalSeconds);
        await _endpoint.DrainAsync(model.DrainTimeout);
    }

    /// <summary>Closes everything; what was acknowledged is durable in any case.</summary>
    public async ValueTask DisposeAsync()
    {
        _driveLog.Unfollow();
        await _endpoint.DisposeAsync();
        if (_scrubbing is not null)
        {
            await _scrubbing.DisposeAsync();
        }

        await _formation.DisposeAsync();
        await Drives.DisposeAsync();
        Log.Stopped(_logger);
    }

    private static async Task<TopologyNode> FindOwnNodeAsync(ServerModel model, ILogger logger, CancellationToken stop)
    {
        string? told = null;
        while (true)
        {
            OwnNodeVerdict verdict = await OwnNode.FindAsync(
                model.Topology, model.Address.Port, model.OwnNode, new SystemHostAddresses(), stop);
            switch (verdict.Outcome)
            {
                case OwnNodeOutcome.Found:
                    return verdict.Node!;
                case OwnNodeOutcome.Refused:
                    throw new NodeStartException($"{ServerSettings.Drives.Key}: {verdict.Reason} ({ServerSettings.OwnNode.Key}).");
                default:
                    if (told != verdict.Reason)
                    {
                        told = verdict.Reason;
                        Log.NodeUnknown(logger, told);
                    }

                    await Task.Delay(ResolvePause, stop);
                    break;
            }
        }
    }

    private static S3Options OptionsOf(ServerModel model) => new()
    {
        Region = model.Region,
        Domains = model.Domains,
        AllowSignatureV2 = model.IsSignatureV2Allowed,
    };

    private static ClusterSources SourcesOf(
        ServerModel model, TopologyNode own, StoreFormation formation) => new()
    {
        Deployment = formation.Deployment.ToString(),
        OwnNode = own.Name,
        Version = ProgramVersion.Text,
        ClusterAddresses = model.Topology.IsDistributed
            ? model.Topology.Nodes.ToDictionary(node => node.Name, node => NodeMembership.AddressOf(node).ToString())
            : new Dictionary<string, string>(),
        IsDefaultCode = model is { StandardParity: null, ReducedParity: null },
        Layout = () => formation.Layout,
        Administration = formation.Administration,
        AddressOf = model.Topology.IsDistributed ? name => NodeMembership.AddressOf(name).ToString() : null,
        Membership = formation.Connections?.Membership.Agent,
    };
}

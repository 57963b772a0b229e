using System.Net;
using System.Net.Sockets;
using Cairn.Cluster.Membership;
using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Security;
using Cairn.Cluster.Topology;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Cairn.Drives;
using Cairn.Objects.Formation;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Server.Options;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Composition;

/// <summary>This node's cluster port, its links to all other nodes, and its membership among them.</summary>
/// <remarks>Ownership: closes its port before its links, so that nobody is served by a node that cannot ask.</remarks>
internal sealed class ClusterConnections : IAsyncDisposable
{
    private readonly NodeServer _server;
    private readonly RemoteNode?[] _others;
    private readonly IReadOnlyList<TopologyNode> _nodes;

    private ClusterConnections(
        IReadOnlyList<TopologyNode> nodes, NodeServer server, RemoteNode?[] others, NodeMembership membership)
    {
        _nodes = nodes;
        _server = server;
        _others = others;
        Membership = membership;
    }

    public NodeMembership Membership { get; }

    /// <summary>By the number of the node; null at this one's.</summary>
    public IReadOnlyList<NodeLink?> Links => [.. _others.Select(other => other?.Link)];

    /// <summary>Begins to listen and to connect.</summary>
    /// <param name="model">Addresses and what proves membership.</param>
    /// <param name="own">This node.</param>
    /// <param name="drives">Served to the others.</param>
    /// <param name="formation">Served to the others.</param>
    /// <param name="environment">Time, chance and work.</param>
    /// <param name="logs">Where it logs.</param>
    /// <exception cref="NodeStartException">The port is taken, or the proof is not usable.</exception>
    public static ClusterConnections Open(
        ServerModel model,
        TopologyNode own,
        IEnumerable<IDrive> drives,
        FormationService formation,
        StoreEnvironment environment,
        ILoggerFactory logs)
    {
        ILogger logger = logs.CreateLogger("Cairn.Cluster");
        ClusterSecurity security = ReadSecurity(model, environment.Time, logger);
        TransportParts parts = new()
        {
            Identity = NodeIdentity.New(own.Name, environment.Entropy),
            Time = environment.Time,
            Entropy = environment.Entropy,
            Scheduler = environment.Work,
            Logger = logger,
        };
        TcpOptions tcp = new();
        RefusalLog refusals = new(environment.Time, logger);
        ListenAddress address = model.ClusterAddress ?? new ListenAddress(null, own.ClusterPort);
        TcpNodeListener listener = Listen(address, security, refusals, tcp);
        NodeMembership membership = new(model, own, environment, new MembershipLog(logger));
        NodeServer server = new(
            parts,
            listener,
            [new DriveService(new ServedDrives(drives), environment.Time), formation, membership.Links],
            refusals);
        TcpTransport transport = new(security, tcp);
        RemoteNode?[] others =
        [
            .. model.Topology.Nodes.Select(node => node == own ? null : new RemoteNode(
                new NodeLink(new NodeAddress(node.Host, node.ClusterPort), transport, parts),
                environment.Time,
                new RemoteDriveOptions())),
        ];
        for (int node = 0; node < others.Length; node++)
        {
            if (others[node] is { } other)
            {
                membership.Links.Add(model.Topology.Nodes[node].Name, other.Link);
            }
        }

        server.Start();
        foreach (RemoteNode? other in others)
        {
            other?.Link.Start();
        }

        membership.Agent.Start();
        return new ClusterConnections(model.Topology.Nodes, server, others, membership);
    }

    /// <summary>A drive of another node.</summary>
    public RemoteDrive DriveOf(LayoutDrive drive)
    {
        for (int node = 0; node < _others.Length; node++)
        {
            if (_nodes[node].Name == drive.Node && _others[node] is { } other)
            {
                return other.GetDrive(drive.Id);
            }
        }

        throw new NodeStartException(
            $"The layout has a drive on {drive.Node}, and none of the arguments names that node. Start all nodes with the "
            + "arguments that the store was formed with.");
    }

    public async ValueTask DisposeAsync()
    {
        Membership.Dispose();
        await _server.DisposeAsync();
        foreach (RemoteNode? other in _others)
        {
            if (other is not null)
            {
                await other.Link.DisposeAsync();
            }
        }
    }

    private static ClusterSecurity ReadSecurity(ServerModel model, TimeProvider time, ILogger logger)
    {
        try
        {
            return ClusterSecurity.From(model.ClusterSecret, model.ClusterCertificates, time, logger);
        }
        catch (Exception e) when (e is ArgumentException or CertificateException)
        {
            Setting setting = model.ClusterCertificates is null ? ServerSettings.ClusterSecret : ServerSettings.ClusterCertificates;
            throw new NodeStartException($"{setting.Key}: {e.Message}");
        }
    }

    private static TcpNodeListener Listen(
        ListenAddress address, ClusterSecurity security, RefusalLog refusals, TcpOptions options)
    {
        try
        {
            return TcpNodeListener.Listen(
                new IPEndPoint(address.Host ?? IPAddress.IPv6Any, address.Port), security, refusals, options);
        }
        catch (SocketException e)
        {
            throw new NodeStartException($"{ServerSettings.ClusterAddress.Key}: {address} cannot be listened on: {e.Message}");
        }
    }
}

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
/// <remarks>
/// Nodes that the arguments do not name are linked as soon as the layout has them.
/// Ownership: closes its port before its links, so that nobody is served by a node that cannot ask.
/// </remarks>
internal sealed class ClusterConnections : IAsyncDisposable
{
    private readonly NodeServer _server;
    private readonly Func<NodeAddress, RemoteNode> _connect;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RemoteNode> _others = new(StringComparer.Ordinal);

    private ClusterConnections(NodeServer server, Func<NodeAddress, RemoteNode> connect, NodeMembership membership)
    {
        _server = server;
        _connect = connect;
        Membership = membership;
    }

    public NodeMembership Membership { get; }

    /// <summary>Told of links that were made after the start.</summary>
    public Action<string, NodeLink> Linked { get; set; } = static (_, _) => { };

    /// <summary>Links of the nodes that the arguments name, by number; null at this one's.</summary>
    public IReadOnlyList<NodeLink?> Links { get; private init; } = [];

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
        RemoteNode Connect(NodeAddress other) =>
            new(new NodeLink(other, transport, parts), environment.Time, new RemoteDriveOptions());
        RemoteNode?[] others =
            [.. model.Topology.Nodes.Select(node => node == own ? null : Connect(NodeMembership.AddressOf(node)))];
        ClusterConnections connections = new(server, Connect, membership)
        {
            Links = [.. others.Select(other => other?.Link)],
        };
        server.Start();
        foreach ((TopologyNode node, RemoteNode? other) in model.Topology.Nodes.Zip(others))
        {
            if (other is not null)
            {
                connections.Add(node.Name, other);
            }
        }

        membership.Agent.Start();
        return connections;
    }

    /// <summary>A drive of another node.</summary>
    public RemoteDrive DriveOf(LayoutDrive drive) => Reach(drive.Node).GetDrive(drive.Id);

    private RemoteNode Reach(string name)
    {
        RemoteNode? other;
        lock (_gate)
        {
            if (_others.TryGetValue(name, out other))
            {
                return other;
            }

            other = _connect(NodeMembership.AddressOf(name));
        }

        Add(name, other);
        Linked(name, other.Link);
        return other;
    }

    private void Add(string name, RemoteNode other)
    {
        lock (_gate)
        {
            _others.Add(name, other);
        }

        Membership.Links.Add(name, other.Link);
        other.Link.Start();
    }

    public async ValueTask DisposeAsync()
    {
        Membership.Dispose();
        await _server.DisposeAsync();
        foreach (RemoteNode other in _others.Values)
        {
            await other.Link.DisposeAsync();
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

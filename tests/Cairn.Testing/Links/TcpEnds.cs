using System.Net;
using Cairn.Cluster.RemoteDrives;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Cairn.Testing.Drives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Testing.Links;

/// <summary>The cluster port of a node on a free port of this machine, with the drives it serves.</summary>
internal sealed class TcpEnds : IAsyncDisposable
{
    private readonly NodeServer _server;

    private TcpEnds(TcpNodeListener listener, NodeServer server, RefusalLog refusals)
    {
        _server = server;
        Refusals = refusals;
        Address = new NodeAddress("127.0.0.1", listener.EndPoint.Port);
    }

    public static string Secret => "a secret for tests 0123456789";

    public NodeAddress Address { get; }

    public RefusalLog Refusals { get; }

    public NodeServer Server => _server;

    public static TcpEnds Start(
        ClusterSecurity security, ServedDrives drives, TcpOptions? options = null, ILogger? logger = null)
    {
        TransportParts parts = LinkEnds.Parts("server");
        RefusalLog refusals = new(TimeProvider.System, logger ?? NullLogger.Instance);
        TcpNodeListener listener = Listen(security, refusals, options);
        NodeServer server = new(parts, listener, [new DriveService(drives, TimeProvider.System)], refusals);
        server.Start();
        return new TcpEnds(listener, server, refusals);
    }

    public static TcpNodeListener Listen(ClusterSecurity security, RefusalLog refusals, TcpOptions? options = null) =>
        TcpNodeListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), security, refusals, options ?? new TcpOptions());

    /// <summary>A drive behind real sockets.</summary>
    public static async Task<RemoteDriveFixture> StartDriveAsync(DriveFixture inner, ClusterSecurity security)
    {
        TransportParts server = LinkEnds.Parts("server");
        TransportParts client = LinkEnds.Parts("client");
        TcpNodeListener listener = Listen(security, new RefusalLog(TimeProvider.System, NullLogger.Instance));
        NodeLink link = new(
            new NodeAddress("127.0.0.1", listener.EndPoint.Port), new TcpTransport(security, new TcpOptions()), client);
        return await RemoteDriveFixture.StartAsync(inner, server, listener, link, client);
    }

    /// <summary>A link of a node that knows the secret, connected.</summary>
    public async Task<NodeLink> ConnectAsync(ClusterSecurity security)
    {
        NodeLink link = new(Address, new TcpTransport(security, new TcpOptions()), LinkEnds.Parts("client"));
        link.Start();
        await link.WaitConnectedAsync(CancellationToken.None);
        return link;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

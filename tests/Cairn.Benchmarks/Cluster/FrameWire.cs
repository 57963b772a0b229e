using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Cluster.Transport.Sockets;
using Cairn.Primitives;
using Cairn.Primitives.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Benchmarks.Cluster;

/// <summary>The product's own frames: link and server as nodes use them.</summary>
internal sealed class FrameWire : IWire
{
    private const byte Service = 9;
    private const int ChunkBytes = 128 << 10;

    private readonly NodeServer _server;
    private readonly NodeLink _link;

    private FrameWire(string name, NodeServer server, NodeLink link)
    {
        Name = name;
        _server = server;
        _link = link;
    }

    public string Name { get; }

    public static async Task<FrameWire> StartAsync(string name, ClusterSecurity? security)
    {
        TransportParts parts = new()
        {
            Identity = NodeIdentity.New(name, new OsEntropy()),
            Time = TimeProvider.System,
            Entropy = new OsEntropy(),
            Scheduler = new PoolWork(),
            Logger = NullLogger.Instance,
        };
        RefusalLog refusals = new(TimeProvider.System, NullLogger.Instance);
        INodeListener listener;
        INodeTransport transport;
        int port;
        if (security is null)
        {
            BareListener bare = new();
            (listener, transport, port) = (bare, new BareTransport(), bare.Port);
        }
        else
        {
            TcpNodeListener tcp = TcpNodeListener.Listen(
                new IPEndPoint(IPAddress.Loopback, 0), security, refusals, new TcpOptions());
            (listener, transport, port) = (tcp, new TcpTransport(security, new TcpOptions()), tcp.EndPoint.Port);
        }

        NodeServer server = new(parts, listener, [new EchoService()], refusals);
        server.Start();
        NodeLink link = new(new NodeAddress("127.0.0.1", port), transport, parts);
        link.Start();
        await link.WaitConnectedAsync(CancellationToken.None);
        return new FrameWire(name, server, link);
    }

    public async Task CallAsync(ReadOnlyMemory<byte> body)
    {
        Frame request = Frame.To(Service, 1, body.Length);
        new MessageWriter(request).Raw(body.Span);
        using CallReply reply = await _link.CallAsync(request, CancellationToken.None);
        if (!reply.IsOk)
        {
            throw new InvalidOperationException($"The call was answered {reply.Status}.");
        }
    }

    // As shards are written: chunks behind each other, each confirmed.
    public async Task StreamAsync(ReadOnlyMemory<byte> body)
    {
        List<Task> chunks = [];
        for (int at = 0; at < body.Length; at += ChunkBytes)
        {
            chunks.Add(CallAsync(body[at..Math.Min(body.Length, at + ChunkBytes)]));
        }

        await Task.WhenAll(chunks);
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await _server.DisposeAsync();
    }

    private sealed class EchoService : INodeService, IServiceSession
    {
        public byte Number => Service;

        public IServiceSession Open(IServicePeer peer) => this;

        public ValueTask<CallReply> CallAsync(
            byte operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
        {
            Frame answer = Frame.Rent(FrameKind.Response, 32);
            new MessageWriter(answer).Raw(request.Span[..Math.Min(32, request.Length)]);
            return ValueTask.FromResult(CallReply.Of(answer));
        }

        public void Receive(byte operation, ReadOnlyMemory<byte> message) => throw new MessageFormatException("None is expected.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    // Frames without protection: what protection costs is the difference. The product has no such thing.
    private sealed class BareTransport : INodeTransport
    {
        public async ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            return Bare(socket);
        }

        public static StreamConnection Bare(Socket socket) => new StreamConnection(
            new SecuredStream(new NetworkStream(socket, ownsSocket: true), null, null), "bare", 1 << 20);
    }

    private sealed class BareListener : INodeListener
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public BareListener() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask<IFrameConnection?> AcceptAsync(CancellationToken cancellationToken)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(cancellationToken);
                socket.NoDelay = true;
                return BareTransport.Bare(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
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

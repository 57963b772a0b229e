using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Cairn.Cluster.Security;

namespace Cairn.Cluster.Transport.Sockets;

/// <summary>The cluster port: whatever connects has to prove that it is a node before anybody above hears of it.</summary>
/// <remarks>
/// Invariants: at most so many handshakes at once, each within its time and a few hundred bytes; what fails is closed,
/// counted, and logged once per peer and period.
/// Concurrency: one loop accepts; handshakes run side by side.
/// </remarks>
public sealed class TcpNodeListener : INodeListener
{
    // Proved connections that nobody has taken yet; then handshakes wait, within their time.
    private const int MaxReady = 64;

    private readonly Socket _socket;
    private readonly ClusterSecurity _security;
    private readonly RefusalLog _refusals;
    private readonly TcpOptions _options;
    private readonly HandshakePlaces _places;
    private readonly Channel<IFrameConnection> _ready = Channel.CreateBounded<IFrameConnection>(MaxReady);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private int _isDisposed;

    private TcpNodeListener(Socket socket, ClusterSecurity security, RefusalLog refusals, TcpOptions options)
    {
        _socket = socket;
        _security = security;
        _refusals = refusals;
        _options = options;
        _places = new HandshakePlaces(options.MaxHandshakes, options.MaxHandshakesPerPeer);
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _accepting = Task.Run(AcceptSocketsAsync);
    }

    /// <summary>Where it listens; with the port that was chosen when 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <exception cref="SocketException">The port is taken, or not allowed.</exception>
    public static TcpNodeListener Listen(
        IPEndPoint endPoint, ClusterSecurity security, RefusalLog refusals, TcpOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            socket.Listen(options.Backlog);
            return new TcpNodeListener(socket, security, refusals, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<IFrameConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_ready.Reader.TryRead(out IFrameConnection? connection))
            {
                return connection;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _ready.Writer.TryComplete();
        while (_ready.Reader.TryRead(out IFrameConnection? connection))
        {
            await connection.DisposeAsync();
        }
    }

    private async Task AcceptSocketsAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Begin(await _socket.AcceptAsync(_closing.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Too many open files, or a connection that was reset while it waited: others may still come.
                _refusals.Note("the operating system", TransportFault.Refused, "no connection was accepted: " + e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private void Begin(Socket socket)
    {
        IPAddress peer;
        try
        {
            peer = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        }
        catch (SocketException)
        {
            // It hung up before it was accepted.
            socket.Dispose();
            return;
        }

        if (_places.TryTake(peer))
        {
            _ = Task.Run(() => ShakeHandsAsync(socket, peer));
            return;
        }

        socket.Dispose();
        _refusals.Note(peer.ToString(), TransportFault.Refused, "too many connections that have not proved anything");
    }

    private async Task ShakeHandsAsync(Socket socket, IPAddress peer)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        timeout.CancelAfter(_options.HandshakeTimeout);
        StreamConnection? connection = null;
        try
        {
            socket.NoDelay = true;
            SecuredStream secured = await _security.AcceptAsync(new NetworkStream(socket, ownsSocket: true), timeout.Token);
            connection = new StreamConnection(secured, peer.ToString(), _options.MaxQueuedBytes);
            await _ready.Writer.WriteAsync(connection, timeout.Token);
            connection = null;
        }
        catch (TransportException e)
        {
            _refusals.Note(peer.ToString(), e.Fault, e.Message);
            socket.Dispose();
        }
        catch (OperationCanceledException)
        {
            _refusals.Note(peer.ToString(), TransportFault.Slow, "who connected did not complete the handshake in time");
            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or ChannelClosedException)
        {
            _refusals.Note(peer.ToString(), TransportFault.Malformed, "who connected broke the handshake off: " + e.Message);
            socket.Dispose();
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            _places.Leave(peer);
        }
    }
}

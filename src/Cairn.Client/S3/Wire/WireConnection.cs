using System.Net.Security;
using System.Net.Sockets;

namespace Cairn.Client.S3.Wire;

/// <summary>One connection of one client, plain or TLS, with blocking calls.</summary>
/// <remarks>
/// Purpose: the fewest system calls per request. A blocking socket costs one send and one receive; an asynchronous one
/// adds waits on the event queue and hand-overs between threads, which would be charged to the server measured on the
/// same cores.
/// Failure: IOException or SocketException; the connection is then given up.
/// </remarks>
public sealed class WireConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly SslStream? _tls;

    private WireConnection(Socket socket, SslStream? tls)
    {
        _socket = socket;
        _tls = tls;
    }

    /// <param name="options">Where to.</param>
    /// <param name="bucket">Part of the host's name in virtual-host style.</param>
    /// <param name="timeout">For every send and receive.</param>
    public static WireConnection Open(S3ClientOptions options, string bucket, TimeSpan timeout)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)timeout.TotalMilliseconds,
            SendTimeout = (int)timeout.TotalMilliseconds,
        };
        try
        {
            bool isSecure = options.Endpoint.Scheme == Uri.UriSchemeHttps;
            socket.Connect(options.Endpoint.IdnHost, options.Endpoint.Port);
            return new WireConnection(socket, isSecure ? Secure(socket, options, bucket) : null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
        {
            _tls.Write(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Zero at the end of the stream.</summary>
    public int Receive(Span<byte> buffer) => _tls is null ? _socket.Receive(buffer) : _tls.Read(buffer);

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private static SslStream Secure(Socket socket, S3ClientOptions options, string bucket)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        tls.AuthenticateAsClient(options.BuildTls(options.HostOf(bucket).Split(':')[0]));
        return tls;
    }
}

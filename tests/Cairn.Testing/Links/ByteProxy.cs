using System.Net;
using System.Net.Sockets;
using Cairn.Cluster.Transport;

namespace Cairn.Testing.Links;

/// <summary>Stands between two nodes on real sockets; records what the first connection sends, and can alter it.</summary>
internal sealed class ByteProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NodeAddress _target;
    private readonly CancellationTokenSource _closing = new();
    private readonly MemoryStream _recorded = new();
    private Task _running = Task.CompletedTask;
    private int _connections;

    private ByteProxy(NodeAddress target) => _target = target;

    public NodeAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>Offset in what is sent to the target; -1: none.</summary>
    public long FlipByteAt { get; set; } = -1;

    public static ByteProxy Start(NodeAddress target)
    {
        ByteProxy proxy = new(target);
        proxy._listener.Start();
        proxy._running = proxy.AcceptAsync();
        return proxy;
    }

    public byte[] Recorded()
    {
        lock (_recorded)
        {
            return _recorded.ToArray();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _running;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pairs = [];
        try
        {
            while (true)
            {
                TcpClient near = await _listener.AcceptTcpClientAsync(_closing.Token);
                TcpClient far = new();
                await far.ConnectAsync(_target.Host, _target.Port, _closing.Token);
                pairs.Add(CopyAsync(near, far, isRecorded: _connections++ == 0));
                pairs.Add(CopyAsync(far, near, isRecorded: false));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pairs);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isRecorded)
    {
        byte[] buffer = new byte[64 << 10];
        long offset = 0;
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _closing.Token) is > 0 and int read)
            {
                if (isRecorded)
                {
                    Record(buffer.AsSpan(0, read), offset);
                }

                offset += read;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _closing.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has hung up: the other is told by the end of its connection.
        }

        to.Dispose();
        from.Dispose();
    }

    private void Record(Span<byte> bytes, long offset)
    {
        lock (_recorded)
        {
            _recorded.Write(bytes);
        }

        if (FlipByteAt >= offset && FlipByteAt < offset + bytes.Length)
        {
            bytes[(int)(FlipByteAt - offset)] ^= 0x10;
        }
    }
}

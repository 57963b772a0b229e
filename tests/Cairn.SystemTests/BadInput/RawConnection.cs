using System.Net.Sockets;
using System.Text;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>A TCP connection on which a test writes whatever it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    // Of its own, because a TcpClient no longer gives its stream out once one direction is ended.
    private readonly NetworkStream _stream;

    private RawConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public static async Task<RawConnection> OpenAsync(ProcessNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            // A reader that takes nothing must not have its part buffered here instead of there.
            ReceiveBufferSize = 4096,
        };
        await socket.ConnectAsync("127.0.0.1", node.Port);
        return new RawConnection(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends, or notices that the server has hung up already, which is its right.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // What it had to say, if anything, is still there to be read.
            return;
        }
    }

    /// <summary>Ends the sending direction; the answer can still be read.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side was faster.
            return;
        }
    }

    /// <summary>Reads until the end of the header block, or until the server closes.</summary>
    /// <returns>What came, empty when the server closed without an answer.</returns>
    public async Task<string> ReadHeadAsync(TimeSpan limit)
    {
        using var cancel = new CancellationTokenSource(limit);
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                int count = await _stream.ReadAsync(buffer, cancel.Token);
                if (count == 0)
                {
                    break;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // A reset is a way of closing too.
            return text.ToString();
        }

        return text.ToString();
    }

    public void Dispose() => _stream.Dispose();
}

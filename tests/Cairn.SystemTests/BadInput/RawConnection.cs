using System.Net.Sockets;
using System.Text;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>A TCP connection on which a test writes whatever it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private RawConnection()
    {
    }

    private NetworkStream Stream => _client.GetStream();

    public static async Task<RawConnection> OpenAsync(ProcessNode node)
    {
        var connection = new RawConnection();
        // A reader that takes nothing must not have its part buffered here instead of there.
        connection._client.ReceiveBufferSize = 4096;
        await connection._client.ConnectAsync("127.0.0.1", node.Port);
        return connection;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await Stream.WriteAsync(bytes);

    /// <summary>Ends the sending direction; the answer can still be read.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

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
                int count = await Stream.ReadAsync(buffer, cancel.Token);
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

    public void Dispose() => _client.Dispose();
}

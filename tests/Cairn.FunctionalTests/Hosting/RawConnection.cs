using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>A connection that sends any bytes and reads whole answers.</summary>
public sealed class RawConnection(TcpClient client) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NetworkStream _stream = client.GetStream();
    private readonly List<byte> _unread = [];

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Says that nothing more will come.</summary>
    public void EndSending() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The next answer; an informational one too.</summary>
    public async Task<RawResponse> ReceiveAsync(bool isHead = false)
    {
        string head = await ReadHeadAsync();
        string[] lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        bool hasBody = !isHead && status is not (204 or 304) && status >= 200;
        byte[] body = hasBody ? await ReadBodyAsync(headers) : [];
        bool isClosed = string.Equals(headers.GetValueOrDefault("Connection"), "close", StringComparison.OrdinalIgnoreCase);
        return new RawResponse(status, headers, body, isClosed);
    }

    /// <summary>Whether the server ends the connection without sending anything more.</summary>
    public async Task<bool> IsEndedByServerAsync()
    {
        try
        {
            return !await FillAsync();
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Reads and forgets everything until the server ends the connection.</summary>
    public async Task WaitForEndAsync()
    {
        while (!await IsEndedByServerAsync())
        {
            _unread.Clear();
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<byte[]> ReadBodyAsync(Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("Content-Length", out string? length))
        {
            return await TakeAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }

        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
        {
            return await ReadChunkedAsync();
        }

        while (await FillAsync())
        {
            // Until the end of the connection.
        }

        return await TakeAsync(_unread.Count);
    }

    private async Task<byte[]> ReadChunkedAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            string size = await ReadLineAsync();
            byte[] chunk = await TakeAsync(int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            await ReadLineAsync();
            if (chunk.Length == 0)
            {
                return [.. body];
            }

            body.AddRange(chunk);
        }
    }

    private async Task<string> ReadLineAsync()
    {
        int end;
        while ((end = _unread.IndexOf((byte)'\n')) < 0)
        {
            await RequireAsync();
        }

        return Encoding.ASCII.GetString(await TakeAsync(end + 1)).TrimEnd();
    }

    private async Task<string> ReadHeadAsync()
    {
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. _unread]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                return Encoding.UTF8.GetString(await TakeAsync(end + 4));
            }

            await RequireAsync();
        }
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        while (_unread.Count < count)
        {
            await RequireAsync();
        }

        byte[] taken = [.. _unread.Take(count)];
        _unread.RemoveRange(0, count);
        return taken;
    }

    private async Task RequireAsync()
    {
        if (!await FillAsync())
        {
            throw new IOException("The server ended the connection.");
        }
    }

    private async Task<bool> FillAsync()
    {
        byte[] buffer = new byte[64 << 10];
        using var patience = new CancellationTokenSource(Patience);
        int size = await _stream.ReadAsync(buffer, patience.Token);
        _unread.AddRange(buffer.AsSpan(0, size));
        return size > 0;
    }
}

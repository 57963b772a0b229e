using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Cairn.Primitives.SigV4;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>Sends requests that no well-behaved client library would.</summary>
public sealed class RawS3(Uri address, SigV4Signer signer)
{
    /// <summary>One request on a connection of its own.</summary>
    public async Task<RawResponse> SendAsync(RawRequest request)
    {
        using RawConnection connection = await ConnectAsync();
        await connection.SendAsync(Encode(request, out _));
        return await connection.ReceiveAsync(isHead: request.Method == "HEAD");
    }

    public Task<RawResponse> GetAsync(string path, string query = "") =>
        SendAsync(new RawRequest("GET", path) { Query = query });

    public Task<RawResponse> PutAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(new RawRequest("PUT", path) { Headers = headers }.WithText(body));

    public async Task<RawConnection> ConnectAsync()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        return new RawConnection(client);
    }

    /// <summary>A link of version 4.</summary>
    public string Presign(RawRequest request, TimeSpan lifetime, DateTimeOffset? time = null)
    {
        KeyValuePair<string, string>[] headers =
            [new("host", Host(request)), .. request.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))];
        return (request.Signer ?? signer).Presign(
            new SignableRequest
            {
                Method = request.Method,
                Path = request.Path,
                Query = request.Query,
                Headers = headers,
                PayloadHash = request.PayloadHash ?? "UNSIGNED-PAYLOAD",
            },
            time ?? DateTimeOffset.UtcNow,
            lifetime);
    }

    /// <summary>The bytes of a request, and the chain for the chunks of its body.</summary>
    public byte[] Encode(RawRequest request, out SigV4ChunkChain? chunks)
    {
        byte[] head = EncodeHead(request, out chunks);
        return [.. head, .. request.Body];
    }

    public byte[] EncodeHead(RawRequest request, out SigV4ChunkChain? chunks)
    {
        chunks = null;
        string payloadHash = request.PayloadHash ?? Convert.ToHexStringLower(SHA256.HashData(request.Body));
        var headers = new List<(string Name, string Value)> { ("Host", Host(request)) };
        headers.AddRange(request.Headers);
        if (request.IsSigned)
        {
            DateTimeOffset time = request.Time ?? DateTimeOffset.UtcNow;
            headers.Add(("x-amz-date", SigV4Time.Format(time)));
            headers.Add(("x-amz-content-sha256", payloadHash));
            KeyValuePair<string, string>[] signed =
                [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))];
            SignedRequest result = (request.Signer ?? signer).Sign(
                new SignableRequest
                {
                    Method = request.Method,
                    Path = request.Path,
                    Query = request.Query,
                    Headers = signed,
                    PayloadHash = payloadHash,
                },
                time);
            chunks = result.Chunks;
            headers.Add(("Authorization", result.Authorization));
        }

        headers.AddRange(request.UnsignedHeaders);
        long length = request.ContentLength ?? request.Body.Length;
        if (length >= 0 && (length > 0 || request.Method is "PUT" or "POST" || request.ContentLength is not null))
        {
            headers.Add(("Content-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        var head = new StringBuilder();
        string query = request.Query.Length > 0 ? "?" + request.Query : "";
        head.Append(request.Method).Append(' ').Append(request.Path).Append(query).Append(" HTTP/1.1\r\n");
        foreach ((string name, string value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }

    private string Host(RawRequest request) => request.Host ?? address.Authority;
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Cairn.Primitives.Codecs;
using Cairn.Primitives.SigV4;

namespace Cairn.Client.S3;

/// <summary>Signs requests and sends them: what the clients of all our protocols share.</summary>
/// <remarks>Concurrency: any caller. Failure: no answer at all is an <see cref="HttpRequestException"/>.</remarks>
internal sealed class SignedHttp : IDisposable
{
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly S3ClientOptions _options;
    private readonly SigV4Signer _signer;
    private readonly HttpClient _http;

    public SignedHttp(S3ClientOptions options)
    {
        _options = options;
        _signer = new SigV4Signer(options.AccessKey, options.SecretKey, options.Region);
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.MaxConnections,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = options.BuildTls(host: null),
            AutomaticDecompression = DecompressionMethods.None,

            // A name that moves to another address is followed within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };

        // A large transfer takes as long as it takes; callers bound it with their token.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends one request; the caller disposes the answer, whose body has not been read yet.</summary>
    public async Task<HttpResponseMessage> SendAsync(S3Request request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = Sign(request);
        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>A GET for what needs no credential.</summary>
    public Task<HttpResponseMessage> SendUnsignedAsync(string path, CancellationToken cancellationToken) =>
        _http.GetAsync(new Uri(_options.Endpoint, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    private HttpRequestMessage Sign(S3Request request)
    {
        DateTimeOffset now = _options.Time.GetUtcNow();
        string host = _options.HostOf(request.Bucket);
        string path = BuildPath(request);
        string payloadHash = request.Stream is not null
            ? UnsignedPayload
            : Convert.ToHexStringLower(SHA256.HashData(request.Body.Span));

        var headers = new List<KeyValuePair<string, string>>(request.Headers.Count + 3)
        {
            new("host", host),
            new("x-amz-content-sha256", payloadHash),
            new("x-amz-date", SigV4Time.Format(now)),
        };
        headers.AddRange(request.Headers);
        SignedRequest signed = _signer.Sign(
            new SignableRequest
            {
                Method = request.Method.Method,
                Path = path,
                Query = request.Query,
                Headers = headers.ToArray(),
                PayloadHash = payloadHash,
            },
            now);

        string query = request.Query.Length > 0 ? "?" + request.Query : "";
        var message = new HttpRequestMessage(
            request.Method, new Uri($"{_options.Endpoint.Scheme}://{host}{path}{query}", AsWritten));
        AddContent(message, request);
        foreach (KeyValuePair<string, string> header in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(header.Key, header.Value))
            {
                message.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        message.Headers.TryAddWithoutValidation("Authorization", signed.Authorization);
        return message;
    }

    private string BuildPath(S3Request request)
    {
        string key = PercentEncoding.Encode(request.Key, keepSlash: true);
        return _options.IsPathStyle && request.Bucket.Length > 0
            ? request.Key.Length > 0 ? $"/{request.Bucket}/{key}" : $"/{request.Bucket}"
            : $"/{key}";
    }

    private static void AddContent(HttpRequestMessage message, S3Request request)
    {
        if (request.Stream is not null)
        {
            message.Content = new StreamContent(request.Stream);
            message.Content.Headers.ContentLength = request.StreamLength;
        }
        else if (request.Method == HttpMethod.Put || request.Method == HttpMethod.Post)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
        }

        if (message.Content is not null && request.ContentType is not null)
        {
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }
    }
}

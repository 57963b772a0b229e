using System.Globalization;
using System.Text;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>Signs requests with one key for one region and service.</summary>
/// <remarks>Concurrency: any thread.</remarks>
public sealed class SigV4Signer(string accessKey, string secretKey, string region, string service = "s3")
{
    private readonly SigningKeyCache _keys = new();

    /// <summary>The Authorization header for a request.</summary>
    /// <param name="request">Its headers contain x-amz-date with exactly <paramref name="time"/>.</param>
    /// <param name="time">See <see cref="SigV4Time.Format"/>.</param>
    /// <exception cref="ArgumentException">Path or query is not percent-encoded correctly.</exception>
    public SignedRequest Sign(SignableRequest request, DateTimeOffset time)
    {
        KeyValuePair<string, string>[] headers = Sorted(request.Headers);
        string signedHeaders = JoinNames(headers);
        var scope = new SigV4Scope(SigV4Time.DayOf(time), region, service);
        string stamp = SigV4Time.Format(time);
        ReadOnlyMemory<byte> key = _keys.Get(secretKey, scope);
        Span<byte> signature = stackalloc byte[SigV4Signature.HexLength];
        WriteSignature(request, headers, signedHeaders, (key, stamp, scope), signature);
        string authorization =
            $"{SigV4Signature.Algorithm} Credential={accessKey}/{scope.ToString()},"
            + $"SignedHeaders={signedHeaders},Signature={Encoding.ASCII.GetString(signature)}";
        return new SignedRequest(authorization, new SigV4ChunkChain(key, stamp, scope, signature));
    }

    /// <summary>The query that makes a request valid without headers of its own.</summary>
    /// <param name="request">Headers: host at least; those that the user of the link must send.</param>
    /// <param name="time">From when on.</param>
    /// <param name="lifetime">One second to seven days.</param>
    /// <returns>The whole query, the request's own parameters first, without the question mark.</returns>
    /// <exception cref="ArgumentException">Path or query is not percent-encoded correctly.</exception>
    public string Presign(SignableRequest request, DateTimeOffset time, TimeSpan lifetime)
    {
        KeyValuePair<string, string>[] headers = Sorted(request.Headers);
        string signedHeaders = JoinNames(headers);
        var scope = new SigV4Scope(SigV4Time.DayOf(time), region, service);
        string stamp = SigV4Time.Format(time);
        var query = new StringBuilder().Append(request.Query);
        if (query.Length > 0)
        {
            query.Append('&');
        }

        query.Append("X-Amz-Algorithm=").Append(SigV4Signature.Algorithm)
            .Append("&X-Amz-Credential=").Append(PercentEncoding.Encode($"{accessKey}/{scope}", keepSlash: false))
            .Append("&X-Amz-Date=").Append(stamp)
            .Append("&X-Amz-Expires=").Append(CultureInfo.InvariantCulture, $"{(long)lifetime.TotalSeconds}")
            .Append("&X-Amz-SignedHeaders=").Append(PercentEncoding.Encode(signedHeaders, keepSlash: false));
        var presigned = new SignableRequest
        {
            Method = request.Method,
            Path = request.Path,
            Query = query.ToString(),
            Headers = request.Headers,
            PayloadHash = request.PayloadHash,
        };
        Span<byte> signature = stackalloc byte[SigV4Signature.HexLength];
        WriteSignature(presigned, headers, signedHeaders, (_keys.Get(secretKey, scope), stamp, scope), signature);
        return query.Append("&X-Amz-Signature=").Append(Encoding.ASCII.GetString(signature)).ToString();
    }

    private static void WriteSignature(
        SignableRequest request,
        KeyValuePair<string, string>[] headers,
        string signedHeaders,
        (ReadOnlyMemory<byte> Key, string Time, SigV4Scope Scope) signing,
        Span<byte> signature)
    {
        using var canonical = new CanonicalRequest(stackalloc byte[1024]);
        if (!canonical.TryAppendTarget(request.Method, request.Path, request.Query, omittedParameter: default))
        {
            throw new ArgumentException("Path and query must be percent-encoded.", nameof(request));
        }

        foreach (KeyValuePair<string, string> header in headers)
        {
            canonical.AppendHeaderName(header.Key);
            canonical.AppendHeaderValue(header.Value, isFirst: true);
            canonical.AppendHeaderEnd();
        }

        canonical.AppendEnd(signedHeaders, request.PayloadHash);
        Span<byte> hash = stackalloc byte[32];
        canonical.WriteHash(hash);
        SigV4Signature.Write(signing.Key.Span, signing.Time, signing.Scope, hash, signature);
    }

    private static KeyValuePair<string, string>[] Sorted(ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        KeyValuePair<string, string>[] sorted = headers.ToArray();
        Array.Sort(sorted, static (left, right) => string.Compare(
            left.Key, right.Key, StringComparison.OrdinalIgnoreCase));
        return sorted;
    }

    private static string JoinNames(KeyValuePair<string, string>[] sorted)
    {
        var names = new StringBuilder(sorted.Length * 16);
        foreach (KeyValuePair<string, string> header in sorted)
        {
            names.Append(names.Length == 0 ? "" : ";").Append(header.Key.ToLowerInvariant());
        }

        return names.ToString();
    }
}

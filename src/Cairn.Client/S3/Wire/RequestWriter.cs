using System.Security.Cryptography;
using System.Text;
using Cairn.Primitives.SigV4;

namespace Cairn.Client.S3.Wire;

/// <summary>Writes request heads, signed, into a buffer of its own.</summary>
/// <remarks>
/// Purpose: a load generator shares the machine with what it measures, so a request costs two hashes and a few copies:
/// the fixed parts are encoded once, and the time and the signing key are looked up once per second.
/// Invariant: paths and queries passed in are already in canonical form, so they are hashed as they stand.
/// Concurrency: one client.
/// </remarks>
public sealed class RequestWriter
{
    private const int HashHexLength = 64;

    private static readonly byte[] EmptyHash = Encoding.ASCII.GetBytes(SigV4Signature.EmptyPayloadHash);

    private readonly byte[] _head = new byte[8 * 1024];
    private readonly byte[] _canonical = new byte[8 * 1024];
    private readonly byte[] _host;
    private readonly byte[] _credentialPrefix;
    private readonly SigningKeyCache _keys = new();
    private readonly S3ClientOptions _options;

    private long _second;
    private string _time = "";
    private byte[] _timeBytes = [];
    private byte[] _credential = [];
    private SigV4Scope _scope;
    private ReadOnlyMemory<byte> _key;

    /// <param name="options">Where to and as whom; without an access key requests are not signed.</param>
    /// <param name="bucket">The bucket all requests are for.</param>
    public RequestWriter(S3ClientOptions options, string bucket)
    {
        _options = options;
        _host = Encoding.ASCII.GetBytes(options.HostOf(bucket));
        _credentialPrefix = Encoding.ASCII.GetBytes(
            $"authorization: {SigV4Signature.Algorithm} Credential={options.AccessKey}/");
    }

    /// <summary>The hash to announce for a body that is not signed.</summary>
    public static ReadOnlySpan<byte> UnsignedBody => "UNSIGNED-PAYLOAD"u8;

    /// <summary>The hash of no body.</summary>
    public static ReadOnlySpan<byte> NoBody => EmptyHash;

    /// <summary>Writes a head.</summary>
    /// <param name="method">In upper case.</param>
    /// <param name="path">In canonical form.</param>
    /// <param name="query">In canonical form: encoded, sorted, each name with its equals sign; may be empty.</param>
    /// <param name="bodyHash">x-amz-content-sha256.</param>
    /// <param name="bodyLength">Bytes that will follow.</param>
    /// <returns>The head with its empty line; valid until the next call.</returns>
    public ReadOnlySpan<byte> Write(
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> query,
        ReadOnlySpan<byte> bodyHash,
        long bodyLength)
    {
        RefreshTime();
        var head = new SpanAppender(_head);
        head.Append(method);
        head.Append(" "u8);
        head.Append(path);
        if (!query.IsEmpty)
        {
            head.Append("?"u8);
            head.Append(query);
        }

        head.Append(" HTTP/1.1\r\nhost: "u8);
        head.Append(_host);
        head.Append("\r\nx-amz-content-sha256: "u8);
        head.Append(bodyHash);
        head.Append("\r\nx-amz-date: "u8);
        head.Append(_timeBytes);
        head.Append("\r\n"u8);
        if (_options.AccessKey.Length > 0)
        {
            head.Append(_credentialPrefix);
            head.Append(_credential);
            Sign(method, path, query, bodyHash, head.Reserve(HashHexLength));
            head.Append("\r\n"u8);
        }

        // Servers read a PUT or POST without a length as one whose length is unknown.
        if (bodyLength > 0 || method[0] == (byte)'P')
        {
            head.Append("content-length: "u8);
            head.Append(bodyLength);
            head.Append("\r\n"u8);
        }

        head.Append("\r\n"u8);
        return head.Written;
    }

    private void Sign(
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> query,
        ReadOnlySpan<byte> bodyHash,
        Span<byte> signature)
    {
        var canonical = new SpanAppender(_canonical);
        canonical.Append(method);
        canonical.Append("\n"u8);
        canonical.Append(path);
        canonical.Append("\n"u8);
        canonical.Append(query);
        canonical.Append("\nhost:"u8);
        canonical.Append(_host);
        canonical.Append("\nx-amz-content-sha256:"u8);
        canonical.Append(bodyHash);
        canonical.Append("\nx-amz-date:"u8);
        canonical.Append(_timeBytes);
        canonical.Append("\n\nhost;x-amz-content-sha256;x-amz-date\n"u8);
        canonical.Append(bodyHash);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical.Written, hash);
        SigV4Signature.Write(_key.Span, _time, _scope, hash, signature);
    }

    private void RefreshTime()
    {
        DateTimeOffset now = _options.Time.GetUtcNow();
        long second = now.ToUnixTimeSeconds();
        if (second == _second)
        {
            return;
        }

        _second = second;
        _time = SigV4Time.Format(now);
        _timeBytes = Encoding.ASCII.GetBytes(_time);
        _scope = new SigV4Scope(SigV4Time.DayOf(now), _options.Region, "s3");
        _key = _keys.Get(_options.SecretKey, _scope);
        _credential = Encoding.ASCII.GetBytes(
            $"{_scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=");
    }
}

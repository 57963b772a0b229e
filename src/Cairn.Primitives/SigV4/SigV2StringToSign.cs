using System.Security.Cryptography;
using Cairn.Primitives.Codecs;

namespace Cairn.Primitives.SigV4;

/// <summary>
/// What an S3 version 2 signature covers; the predecessor that old clients and default presigners still use.
/// </summary>
/// <remarks>
/// Use: <see cref="AppendStart"/>, each x-amz-* header in order of name, <see cref="TryAppendResource"/>, then
/// <see cref="Sign"/>; dispose it.
/// See: AWS, "Signing and authenticating REST requests".
/// </remarks>
public ref struct SigV2StringToSign(Span<byte> initialBuffer)
{
    private ByteBuilder _builder = new(initialBuffer);

    /// <summary>What has been appended so far.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _builder.Bytes;

    /// <summary>Whether a query parameter is part of the signed resource; all others are not signed at all.</summary>
    public static bool IsSigned(ReadOnlySpan<char> parameter) => parameter switch
    {
        "accelerate" or "acl" or "analytics" or "cors" or "delete" or "encryption" or "inventory" or "legal-hold"
            or "lifecycle" or "location" or "logging" or "metrics" or "notification" or "object-lock" or "partNumber"
            or "policy" or "policyStatus" or "publicAccessBlock" or "replication" or "requestPayment" or "restore"
            or "retention" or "select" or "select-type" or "tagging" or "torrent" or "uploadId" or "uploads"
            or "versionId" or "versioning" or "versions" or "website" or "response-cache-control"
            or "response-content-disposition" or "response-content-encoding" or "response-content-language"
            or "response-content-type" or "response-expires" => true,
        _ => false,
    };

    /// <summary>Appends the positional headers; an absent one is empty.</summary>
    /// <param name="method">As on the request line.</param>
    /// <param name="contentMd5">As sent.</param>
    /// <param name="contentType">As sent.</param>
    /// <param name="date">
    /// The Date header, empty when x-amz-date is sent; the Expires number of a presigned link.
    /// </param>
    public void AppendStart(
        scoped ReadOnlySpan<char> method,
        scoped ReadOnlySpan<char> contentMd5,
        scoped ReadOnlySpan<char> contentType,
        scoped ReadOnlySpan<char> date)
    {
        _builder.Append(method);
        _builder.Append((byte)'\n');
        _builder.Append(contentMd5);
        _builder.Append((byte)'\n');
        _builder.Append(contentType);
        _builder.Append((byte)'\n');
        _builder.Append(date);
        _builder.Append((byte)'\n');
    }

    /// <summary>Begins an x-amz-* header; its name is lower-cased.</summary>
    public void AppendHeaderName(scoped ReadOnlySpan<char> name)
    {
        _builder.AppendLower(name);
        _builder.Append((byte)':');
    }

    /// <summary>Appends a trimmed value; later values of the same header follow a comma.</summary>
    public void AppendHeaderValue(scoped ReadOnlySpan<char> value, bool isFirst)
    {
        if (!isFirst)
        {
            _builder.Append((byte)',');
        }

        _builder.Append(value.Trim(" \t"));
    }

    /// <summary>Ends a header.</summary>
    public void AppendHeaderEnd() => _builder.Append((byte)'\n');

    /// <summary>
    /// Appends the resource: bucket, path as sent, and the parameters that name a sub-resource, decoded.
    /// </summary>
    /// <param name="hostBucket">The bucket of a virtual-host request; empty where the path names it.</param>
    /// <param name="rawPath">As on the request line.</param>
    /// <param name="rawQuery">As on the request line.</param>
    /// <returns>False when a percent sign is not followed by two hexadecimal digits.</returns>
    public bool TryAppendResource(
        scoped ReadOnlySpan<char> hostBucket, scoped ReadOnlySpan<char> rawPath, scoped ReadOnlySpan<char> rawQuery)
    {
        if (!hostBucket.IsEmpty)
        {
            _builder.Append((byte)'/');
            _builder.Append(hostBucket);
        }

        _builder.Append(rawPath.IsEmpty ? "/" : rawPath);
        var signed = new List<(string Name, string Pair)>();
        foreach (Range range in rawQuery.Split('&'))
        {
            ReadOnlySpan<char> pair = rawQuery[range];
            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
            if (IsSigned(name))
            {
                signed.Add((name.ToString(), pair.ToString()));
            }
        }

        signed.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        byte separator = (byte)'?';
        foreach ((string name, string pair) in signed)
        {
            _builder.Append(separator);
            separator = (byte)'&';
            if (!TryAppendParameter(name, pair.AsSpan(name.Length)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>HMAC-SHA1 of the string in base64: 28 characters.</summary>
    public readonly string Sign(string secret)
    {
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The protocol fixes the algorithm; whoever does not want it switches version 2 off.
        HMACSHA1.HashData(System.Text.Encoding.UTF8.GetBytes(secret), _builder.Bytes, mac);
#pragma warning restore CA5350
        return Convert.ToBase64String(mac);
    }

    public void Dispose() => _builder.Dispose();

    // The equals sign stands only before a value: "?acl" and "?acl=" are both signed as "acl".
    private bool TryAppendParameter(scoped ReadOnlySpan<char> name, scoped ReadOnlySpan<char> equalsAndValue)
    {
        _builder.Append(name);
        if (equalsAndValue.Length <= 1)
        {
            return true;
        }

        _builder.Append((byte)'=');
        ReadOnlySpan<char> value = equalsAndValue[1..];
        Span<byte> decoded = _builder.Reserve(value.Length * PercentEncoding.MaxExpansion);
        if (!PercentEncoding.TryDecode(value, plusIsSpace: true, decoded, out int written))
        {
            return false;
        }

        _builder.Advance(written);
        return true;
    }
}

namespace Cairn.Api.S3.Routing;

/// <summary>Bucket and key of a request, from host and path.</summary>
/// <param name="Bucket">Empty: the service.</param>
/// <param name="Key">Empty: the bucket.</param>
/// <param name="IsVirtualHost">The bucket came from the host name.</param>
internal readonly record struct S3Address(string Bucket, string Key, bool IsVirtualHost)
{
    public ResourceLevel Level => Bucket.Length == 0
        ? ResourceLevel.Service
        : Key.Length == 0 ? ResourceLevel.Bucket : ResourceLevel.Object;

    /// <summary>Splits a raw path; the key keeps every slash, dot and empty segment.</summary>
    /// <param name="hostBucket">The bucket that the host names, or null.</param>
    /// <param name="rawPath">As on the request line.</param>
    /// <param name="address">Bucket and key.</param>
    /// <returns>False when the path is not the percent-encoding of UTF-8 text.</returns>
    public static bool TryParse(string? hostBucket, ReadOnlySpan<char> rawPath, out S3Address address)
    {
        address = default;
        ReadOnlySpan<char> rest = rawPath.StartsWith('/') ? rawPath[1..] : rawPath;
        if (hostBucket is not null)
        {
            if (!TryDecode(rest, out string hostKey))
            {
                return false;
            }

            address = new S3Address(hostBucket, hostKey, IsVirtualHost: true);
            return true;
        }

        int slash = rest.IndexOf('/');
        if (!TryDecode(slash < 0 ? rest : rest[..slash], out string bucket)
            || !TryDecode(slash < 0 ? default : rest[(slash + 1)..], out string key))
        {
            return false;
        }

        address = new S3Address(bucket, key, IsVirtualHost: false);
        // A path such as //x names no bucket and yet a key; it must not pass for the service.
        return bucket.Length > 0 || key.Length == 0 && slash < 0;
    }

    private static bool TryDecode(ReadOnlySpan<char> raw, out string text)
    {
        if (!raw.Contains('%'))
        {
            text = raw.ToString();
            return System.Text.Ascii.IsValid(raw);
        }

        return UriText.TryDecode(raw, plusIsSpace: false, out text);
    }
}

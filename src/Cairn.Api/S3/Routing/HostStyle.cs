namespace Cairn.Api.S3.Routing;

/// <summary>Finds the bucket that a host name carries in front of a base domain.</summary>
internal sealed class HostStyle
{
    private readonly string[] _suffixes;

    /// <param name="domains">Base domains such as s3.example.com.</param>
    public HostStyle(IEnumerable<string> domains)
    {
        // The longest first: with example.com and s3.example.com, b.s3.example.com must not give the bucket b.s3.
        _suffixes = [.. domains
            .Select(domain => "." + domain.Trim().Trim('.').ToLowerInvariant())
            .OrderByDescending(suffix => suffix.Length)];
    }

    /// <summary>
    /// The bucket, or null for a path-style request: a base domain itself, an address, any other host.
    /// </summary>
    /// <param name="host">The Host header: may carry a port and a trailing dot.</param>
    public string? FindBucket(ReadOnlySpan<char> host)
    {
        if (_suffixes.Length == 0 || host.StartsWith('['))
        {
            return null;
        }

        int colon = host.IndexOf(':');
        host = (colon < 0 ? host : host[..colon]).TrimEnd('.');
        foreach (string suffix in _suffixes)
        {
            if (host.Equals(suffix.AsSpan(1), StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            if (host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return host[..^suffix.Length].ToString().ToLowerInvariant();
            }
        }

        return null;
    }
}

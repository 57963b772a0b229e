using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cairn.Cluster.Topology;

/// <summary>Reads one endpoint, after its ranges have been expanded.</summary>
/// <remarks>
/// Not System.Uri: it would decode, complete and rewrite what the operator wrote, and a path of a drive is a path and not
/// a part of a web address.
/// </remarks>
internal static class EndpointParser
{
    private const int MaxHostLength = 253;

    /// <summary>Reads it.</summary>
    /// <param name="text">An address with a path, or a path.</param>
    /// <param name="options">What completes it.</param>
    /// <param name="endpoint">Null when there is a problem.</param>
    /// <param name="problem">What is wrong, as a sentence part.</param>
    public static bool TryParse(
        string text, TopologyOptions options, [NotNullWhen(true)] out Endpoint? endpoint, out string problem)
    {
        endpoint = null;
        int separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0)
        {
            if (!TryNormalize(text, options.WorkingDirectory, out string? local, out problem))
            {
                return false;
            }

            endpoint = new Endpoint("", "", 0, local);
            return true;
        }

        string scheme = text[..separator].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            problem = $"begins with '{text[..separator]}://'; accepted: http:// and https://";
            return false;
        }

        string rest = text[(separator + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            problem = "names a node but no directory on it; accepted: an address with a path, such as http://node1:9000/data";
            return false;
        }

        if (!TryReadAuthority(rest[..slash], options.DefaultPort, out string? host, out int port, out problem))
        {
            return false;
        }

        if (rest.AsSpan(slash).ContainsAny("?#%"))
        {
            problem = "has one of ? # % behind the node; accepted: the path as it is on the node's file system";
            return false;
        }

        if (!TryNormalize(rest[slash..], "/", out string? path, out problem))
        {
            return false;
        }

        endpoint = new Endpoint(scheme, host, port, path);
        return true;
    }

    private static bool TryNormalize(
        string path, string directory, [NotNullWhen(true)] out string? normal, out string problem)
    {
        normal = null;
        problem = "";
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            problem = "is not a path; " + TopologyReading.Accepted;
            return false;
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, directory));
        while (full.Contains("//", StringComparison.Ordinal))
        {
            full = full.Replace("//", "/", StringComparison.Ordinal);
        }

        if (full == "/")
        {
            problem = "is the root of the file system; accepted: a directory below it";
            return false;
        }

        normal = full;
        return true;
    }

    private static bool TryReadAuthority(
        string authority, int defaultPort, [NotNullWhen(true)] out string? host, out int port, out string problem)
    {
        host = null;
        port = defaultPort;
        string name = authority;
        int colon = authority.LastIndexOf(':');
        bool isBracketed = authority.StartsWith('[');
        if (colon > authority.LastIndexOf(']'))
        {
            name = authority[..colon];
            if (!int.TryParse(
                    authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is < 1 or > IPEndPoint.MaxPort)
            {
                problem = $"has the port '{authority[(colon + 1)..]}'; accepted: 1 to {IPEndPoint.MaxPort}";
                return false;
            }
        }

        if (isBracketed
            ? TryReadIpV6(name, out host)
            : TryReadName(name, out host))
        {
            problem = "";
            return true;
        }

        problem = $"has the host '{name}'; accepted: a DNS name, an IPv4 address, or an IPv6 address in brackets";
        return false;
    }

    private static bool TryReadIpV6(string text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        if (!text.EndsWith(']')
            || !IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out IPAddress? address)
            || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        host = address.ToString();
        return true;
    }

    private static bool TryReadName(string text, [NotNullWhen(true)] out string? host)
    {
        host = text.EndsWith('.') ? text[..^1].ToLowerInvariant() : text.ToLowerInvariant();
        // All digits and dots: then it must be a whole IPv4 address, not a shorthand that resolvers read differently.
        if (host.All(c => char.IsAsciiDigit(c) || c == '.'))
        {
            return host.Count(c => c == '.') == 3
                && IPAddress.TryParse(host, out IPAddress? address)
                && address.ToString() == host;
        }

        return host.Length <= MaxHostLength
            && host.Split('.').All(label => label.Length is >= 1 and <= 63
                && label[0] != '-'
                && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'));
    }
}

using System.Globalization;

namespace Cairn.Cluster.Topology;

/// <summary>Where a drive is: the node by its API address, and a path there. Without a host: a path on this node.</summary>
/// <param name="Scheme">http or https; empty for a path on this node.</param>
/// <param name="Host">Lower case; an IPv6 address without brackets; empty for a path on this node.</param>
/// <param name="Port">Of the node's API; 0 for a path on this node.</param>
/// <param name="Path">Absolute, without a trailing slash.</param>
public sealed record Endpoint(string Scheme, string Host, int Port, string Path)
{
    public bool IsLocalPath => Host.Length == 0;

    /// <summary>The one way to write it, whatever notation it came in.</summary>
    public override string ToString() => IsLocalPath
        ? Path
        : $"{Scheme}://{FormatAddress(Host, Port)}{Path}";

    /// <summary>Formats host and port; an IPv6 address gets its brackets.</summary>
    public static string FormatAddress(string host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}")
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
    }
}

using System.Globalization;

namespace Cairn.Cluster.Transport;

/// <summary>Where a node listens for other nodes.</summary>
/// <param name="Host">A name or an address, as users wrote it.</param>
/// <param name="Port">1..65535.</param>
public readonly record struct NodeAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

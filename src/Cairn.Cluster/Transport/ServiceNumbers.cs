namespace Cairn.Cluster.Transport;

/// <summary>The services of a node. On the wire: never renumber.</summary>
public static class ServiceNumbers
{
    /// <summary>Drives of the node.</summary>
    public const byte Drives = 1;

    /// <summary>Membership: gossip and probes.</summary>
    public const byte Membership = 2;

    /// <summary>What nodes agree on: start, layout.</summary>
    public const byte Layout = 3;
}

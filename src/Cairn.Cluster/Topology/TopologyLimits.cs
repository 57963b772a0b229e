namespace Cairn.Cluster.Topology;

/// <summary>Bounds of what arguments may stand for: a typing mistake is caught here.</summary>
public static class TopologyLimits
{
    /// <summary>Numbers one {N...M} range may stand for, as in other products.</summary>
    public const int MaxRangeNumbers = 10_000;

    /// <summary>Drives of one node. Every drive runs a RocksDB instance with its own memory and threads.</summary>
    public const int MaxDrivesPerNode = 256;

    /// <summary>Nodes of one cluster: as many as membership takes.</summary>
    public const int MaxNodes = 1_024;

    /// <summary>Drives of one cluster: the layout numbers them in two bytes, with room to grow.</summary>
    public const int MaxDrives = 16_384;

    /// <summary>How far the cluster port is above the API port, where none is given: the console is in between.</summary>
    public const int ClusterPortOffset = 2;
}

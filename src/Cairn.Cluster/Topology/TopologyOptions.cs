namespace Cairn.Cluster.Topology;

/// <summary>What completes the arguments of this node.</summary>
public sealed record TopologyOptions
{
    /// <summary>Of endpoints that name no port: the port of this node's API.</summary>
    public int DefaultPort { get; init; } = 9000;

    /// <summary>What relative paths begin at; absolute.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The cluster port of every node; null: its API port and <see cref="TopologyLimits.ClusterPortOffset"/>.</summary>
    public int? ClusterPort { get; init; }
}

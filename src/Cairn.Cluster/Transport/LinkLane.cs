namespace Cairn.Cluster.Transport;

/// <summary>Which of a link's connections: bulk bytes must not stand in the way of small calls. On the wire.</summary>
public enum LinkLane : byte
{
    /// <summary>Small calls and one-way messages.</summary>
    Calls = 0,

    /// <summary>Shards.</summary>
    Bulk = 1,
}

namespace Cairn.Cluster.Topology;

/// <summary>A node as the arguments name it.</summary>
public sealed class TopologyNode
{
    internal TopologyNode(string host, int port, int clusterPort, IReadOnlyList<Endpoint> endpoints)
    {
        Host = host;
        Port = port;
        ClusterPort = clusterPort;
        Endpoints = endpoints;
    }

    /// <summary>Empty when the arguments are paths: there is one node, this one.</summary>
    public string Host { get; }

    /// <summary>Of its API; 0 when the arguments are paths.</summary>
    public int Port { get; }

    public int ClusterPort { get; }

    /// <summary>Its drives, sorted by path.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>Host and API port: what the node is called in messages and in the layout.</summary>
    public string Name => Host.Length == 0 ? "this node" : Endpoint.FormatAddress(Host, Port);

    /// <summary>Host and cluster port.</summary>
    public string ClusterAddress => Endpoint.FormatAddress(Host, ClusterPort);

    public override string ToString() => Name;
}

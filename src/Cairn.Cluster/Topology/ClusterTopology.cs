using System.Net;

namespace Cairn.Cluster.Topology;

/// <summary>All drives of a store and the nodes they are in, as the arguments say; the same on every node.</summary>
/// <remarks>
/// Purpose: the first layout comes from it, and a restart with other arguments is noticed by it. It says where drives are
/// expected, not which ones are there: a drive's identity is on the drive.
/// Invariants: endpoints are distinct, none lies inside another one of its node, all have one scheme or all are paths.
/// Nodes and endpoints are sorted, so neither the order nor the notation of the arguments matters.
/// </remarks>
public sealed class ClusterTopology
{
    private ClusterTopology(IReadOnlyList<TopologyNode> nodes, IReadOnlyList<Endpoint> asGiven)
    {
        Nodes = nodes;
        AsGiven = asGiven;
    }

    /// <summary>Sorted by host and port.</summary>
    public IReadOnlyList<TopologyNode> Nodes { get; }

    /// <summary>Sorted by node and path.</summary>
    public IEnumerable<Endpoint> Endpoints => Nodes.SelectMany(node => node.Endpoints);

    /// <summary>In the order of the arguments, for what one node shows; nothing that nodes share may depend on it.</summary>
    public IReadOnlyList<Endpoint> AsGiven { get; }

    /// <summary>The arguments name nodes; even if it is one, others may be added later.</summary>
    public bool IsDistributed => Nodes[0].Host.Length > 0;

    /// <summary>Reads the positional arguments.</summary>
    /// <param name="arguments">As given.</param>
    /// <param name="options">What completes them.</param>
    /// <param name="topology">Null when there are problems.</param>
    /// <returns>Sentence parts, each naming the argument or endpoint and what is accepted; empty when the topology is there.</returns>
    public static IReadOnlyList<string> Parse(
        IReadOnlyList<string> arguments, TopologyOptions options, out ClusterTopology? topology)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(options);
        topology = null;
        var reading = new TopologyReading(options);
        foreach (string argument in arguments)
        {
            reading.Add(argument);
        }

        if (reading.Problems.Count > 0)
        {
            return reading.Problems;
        }

        var nodes = new List<TopologyNode>();
        foreach (IGrouping<(string Host, int Port), Endpoint> group in reading.Endpoints
            .GroupBy(endpoint => (endpoint.Host, endpoint.Port))
            .OrderBy(group => group.Key.Host, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Port))
        {
            nodes.Add(new TopologyNode(
                group.Key.Host,
                group.Key.Port,
                options.ClusterPort ?? group.Key.Port + TopologyLimits.ClusterPortOffset,
                [.. group.OrderBy(endpoint => endpoint.Path, StringComparer.Ordinal)]));
        }

        IReadOnlyList<string> problems = [.. FindProblems(nodes, arguments.Count)];
        topology = problems.Count == 0 ? new ClusterTopology(nodes, reading.Endpoints) : null;
        return problems;
    }

    private static IEnumerable<string> FindProblems(List<TopologyNode> nodes, int arguments)
    {
        if (arguments == 0)
        {
            yield return "no drives are given; " + TopologyReading.Accepted;
        }

        if (nodes.Count > TopologyLimits.MaxNodes)
        {
            yield return $"{nodes.Count} nodes; accepted: at most {TopologyLimits.MaxNodes} nodes";
        }

        foreach (TopologyNode node in nodes)
        {
            if (node.Endpoints.Count > TopologyLimits.MaxDrivesPerNode)
            {
                yield return $"{node.Endpoints.Count} drives of {node.Name}; "
                    + $"accepted: at most {TopologyLimits.MaxDrivesPerNode} drives of a node";
            }

            if (node.ClusterPort > IPEndPoint.MaxPort)
            {
                yield return $"{node.Name} leaves no room for its cluster port {node.ClusterPort}; "
                    + $"accepted: an API port up to {IPEndPoint.MaxPort - TopologyLimits.ClusterPortOffset}, "
                    + "or a cluster port of its own";
            }
        }

        foreach (IGrouping<string, TopologyNode> host in nodes.GroupBy(node => node.Host))
        {
            foreach (string problem in FindSharedPaths(host.SelectMany(node => node.Endpoints)))
            {
                yield return problem;
            }

            if (host.GroupBy(node => node.ClusterPort).FirstOrDefault(same => same.Count() > 1) is { } clash)
            {
                yield return $"{string.Join(" and ", clash.Select(node => node.Name))} have the cluster port {clash.Key}; "
                    + "accepted: no fixed cluster port where a host has several nodes";
            }

            if (host.FirstOrDefault(node => host.Any(other => other.Port == node.ClusterPort)) is { Port: > 0 } taken)
            {
                yield return $"the cluster port {taken.ClusterPort} of {taken.Name} is the API port of another node there; "
                    + "accepted: API ports of one host that are further apart, or other cluster ports";
            }
        }
    }

    // Nodes of one host share its directories: two of them on one directory would take each other's drive.
    private static IEnumerable<string> FindSharedPaths(IEnumerable<Endpoint> endpoints)
    {
        Endpoint[] all = [.. endpoints.OrderBy(endpoint => endpoint.Path, StringComparer.Ordinal)];
        var paths = new Dictionary<string, Endpoint>(StringComparer.Ordinal);
        foreach (Endpoint endpoint in all)
        {
            if (paths.TryGetValue(endpoint.Path, out Endpoint? same))
            {
                yield return same == endpoint
                    ? $"{endpoint} is given twice; accepted: each drive once"
                    : $"{same} and {endpoint} are one directory of one host; accepted: a directory for each drive";
            }
            else
            {
                paths.Add(endpoint.Path, endpoint);
            }
        }

        foreach (Endpoint endpoint in paths.Values)
        {
            for (int slash = endpoint.Path.LastIndexOf('/'); slash > 0; slash = endpoint.Path.LastIndexOf('/', slash - 1))
            {
                if (paths.TryGetValue(endpoint.Path[..slash], out Endpoint? outer))
                {
                    yield return $"{endpoint} lies inside another drive, {outer}; accepted: directories beside each other";
                    break;
                }
            }
        }
    }
}

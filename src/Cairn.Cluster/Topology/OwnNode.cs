using System.Globalization;
using System.Net;

namespace Cairn.Cluster.Topology;

/// <summary>Finds out which node of the topology this one is: told, or by the machine's name and addresses.</summary>
/// <remarks>
/// Told wins: behind address translation, or with names that only a load balancer resolves, nothing else is right. A node
/// must listen at the endpoint's port as well, so several nodes of one machine tell themselves apart.
/// </remarks>
public static class OwnNode
{
    /// <summary>Finds it.</summary>
    /// <param name="topology">As all nodes have it.</param>
    /// <param name="apiPort">Where this node's API listens.</param>
    /// <param name="told">A host, or host and port, as an option says; null: find out.</param>
    /// <param name="addresses">Of this machine, and those of names.</param>
    /// <param name="cancellationToken">Ends the questions to the resolver.</param>
    public static async Task<OwnNodeVerdict> FindAsync(
        ClusterTopology topology,
        int apiPort,
        string? told,
        IHostAddresses addresses,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(addresses);
        if (!topology.IsDistributed)
        {
            return Found(topology.Nodes[0]);
        }

        if (told is not null)
        {
            return FindTold(topology, apiPort, told);
        }

        string machine = addresses.MachineName.TrimEnd('.').ToLowerInvariant();
        HashSet<IPAddress> local = [.. addresses.GetLocalAddresses().Select(Normalize)];
        string[] hosts = [.. topology.Nodes.Select(node => node.Host).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<IPAddress>[] resolved = await Task.WhenAll(hosts.Select(host => IPAddress.TryParse(host, out IPAddress? literal)
            ? Task.FromResult<IReadOnlyList<IPAddress>>([literal])
            : addresses.ResolveAsync(host, cancellationToken)));
        HashSet<string> own = [.. hosts.Where((host, i) => host == machine || resolved[i].Any(IsLocal))];
        string[] unknown = [.. hosts.Where((host, i) => resolved[i].Count == 0 && !own.Contains(host))];
        TopologyNode[] here = [.. topology.Nodes.Where(node => own.Contains(node.Host))];
        return Judge(topology, apiPort, here, unknown);

        bool IsLocal(IPAddress address) => IPAddress.IsLoopback(Normalize(address)) || local.Contains(Normalize(address));
    }

    private static OwnNodeVerdict Judge(
        ClusterTopology topology, int apiPort, TopologyNode[] here, string[] unknown)
    {
        TopologyNode[] matches = [.. here.Where(node => node.Port == apiPort)];
        if (matches.Length == 1)
        {
            return Found(matches[0]);
        }

        if (matches.Length > 1)
        {
            return Refused(
                $"{Join(matches)} are all this node; accepted: each node once, or an option that says which one this is");
        }

        if (unknown.Length > 0)
        {
            return new OwnNodeVerdict(
                OwnNodeOutcome.NotYet,
                null,
                $"no endpoint is this node so far, and {string.Join(", ", unknown)} cannot be resolved yet");
        }

        string port = apiPort.ToString(CultureInfo.InvariantCulture);
        return here.Length > 0
            ? Refused($"{Join(here)} is this machine, but this node listens on port {port}; "
                + "accepted: the port of the endpoint as the node's address")
            : Refused($"none of {Join(topology.Nodes)} is this machine by its name or its addresses; "
                + "accepted: endpoints that name this node, or an option that says which one it is");
    }

    private static OwnNodeVerdict FindTold(ClusterTopology topology, int apiPort, string told)
    {
        string wanted = told.ToLowerInvariant();
        TopologyNode[] named =
            [.. topology.Nodes.Where(node => node.Name == wanted || node.Host == wanted.Trim('[', ']'))];
        TopologyNode[] matches = named.Length > 1 ? [.. named.Where(node => node.Port == apiPort)] : named;
        return matches.Length == 1
            ? Found(matches[0])
            : Refused($"this node is told to be '{told}'; accepted: one of {Join(topology.Nodes)}");
    }

    // The same address in its two forms, and without the interface it was found at, is one address.
    private static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6
        ? address.MapToIPv4()
        : new IPAddress(address.GetAddressBytes());

    private static string Join(IEnumerable<TopologyNode> nodes) => string.Join(", ", nodes.Select(node => node.Name));

    private static OwnNodeVerdict Found(TopologyNode node) => new(OwnNodeOutcome.Found, node, "");

    private static OwnNodeVerdict Refused(string reason) => new(OwnNodeOutcome.Refused, null, reason);
}

using Cairn.Cluster.Membership;
using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;

namespace Cairn.Api.Admin;

/// <summary>Where the API finds what it tells of the nodes.</summary>
public sealed record ClusterSources
{
    public required string Deployment { get; init; }

    /// <summary>What the layout calls this node.</summary>
    public required string OwnNode { get; init; }

    /// <summary>Of the program, of this node.</summary>
    public required string Version { get; init; }

    /// <summary>Cluster address by the name of the node, this one included; empty of a node alone.</summary>
    public required IReadOnlyDictionary<string, string> ClusterAddresses { get; init; }

    /// <summary>The same of nodes that only the layout names; null of a node alone.</summary>
    public Func<string, string>? AddressOf { get; init; }

    /// <summary>The one that is in force now.</summary>
    public required Func<StoreLayout> Layout { get; init; }

    /// <summary>Null of a store whose layout is given.</summary>
    public LayoutAdministration? Administration { get; init; }

    /// <summary>Nobody has set the parity of a storage class.</summary>
    public bool IsDefaultCode { get; init; } = true;

    /// <summary>Null of a node alone.</summary>
    public MembershipAgent? Membership { get; init; }
}

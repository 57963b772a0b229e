using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>Who this node is, as the composition knows it at start.</summary>
public sealed record LocalMember
{
    /// <summary>The same after every restart: kept on the node's drives.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Where others reach this node's cluster port, in the form that the link sends to.</summary>
    public required string Address { get; init; }

    /// <summary>Where clients reach it; empty when not told.</summary>
    public string PublicAddress { get; init; } = "";

    /// <summary>What fails together above the node; empty when not told.</summary>
    public string Zone { get; init; } = "";

    public string ProgramVersion { get; init; } = "";

    /// <summary>
    /// The group of nodes that belong together. Messages of another group are refused; the empty id, on either side,
    /// accepts every group: a node that has no deployment yet must be able to find one.
    /// </summary>
    public Guid Cluster { get; init; }

    /// <summary>
    /// Addresses to find the others at, in the form that the link sends to. This node's own may be among them, also under
    /// another name. Called for ever while nobody present is known to be there.
    /// </summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Means nothing to membership; at most <see cref="MembershipLimits.MaxMetadataBytes"/>.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}

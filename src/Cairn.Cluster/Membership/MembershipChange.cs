using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>One thing that changed, in words an operator can use.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">Whom it is about.</param>
/// <param name="Address">Where that node is, or was.</param>
/// <param name="Detail">The rest of the sentence; empty when the kind says it all.</param>
public sealed record MembershipChange(MembershipChangeKind Kind, NodeId Node, string Address, string Detail = "");

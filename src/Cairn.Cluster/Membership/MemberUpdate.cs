using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>All that one node tells another about a member: its record and what is believed of it.</summary>
/// <param name="Record">The latest that is known.</param>
/// <param name="Liveness">The belief, about this incarnation only.</param>
/// <param name="Accusers">Who found it silent, each on its own; at most <see cref="MembershipLimits.MaxAccusers"/>.</param>
/// <param name="Age">
/// Whole seconds since it failed or left. Travels with the update: if every receiver began to count anew, members that
/// are long gone would go from node to node for ever.
/// </param>
internal sealed record MemberUpdate(
    MemberRecord Record, Liveness Liveness, IReadOnlyList<NodeId> Accusers, TimeSpan Age);

namespace Cairn.Cluster.Topology;

/// <summary>Which node of the topology this one is.</summary>
/// <param name="Outcome">Whether it was found.</param>
/// <param name="Node">Null unless found.</param>
/// <param name="Reason">Why it was not, and what is accepted; empty when found.</param>
public sealed record OwnNodeVerdict(OwnNodeOutcome Outcome, TopologyNode? Node, string Reason);

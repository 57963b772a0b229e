using Cairn.Cluster.Topology;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Formation;

/// <summary>What a node tells the others of itself before there is a store.</summary>
/// <param name="Name">What the arguments call it.</param>
/// <param name="Arguments">What it was started with, as far as all must agree on it.</param>
/// <param name="Drives">Its drives by position.</param>
public sealed record NodeDescription(string Name, ClusterArguments Arguments, IReadOnlyList<DriveId> Drives);

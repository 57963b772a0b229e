using Cairn.Api.Health;
using Cairn.Objects.Rebalance;

namespace Cairn.Api.Admin;

/// <summary>What the operations of the admin API work on.</summary>
/// <param name="Cluster">What is known of the nodes.</param>
/// <param name="Serving">This process.</param>
/// <param name="Layout">Null where nodes do not agree on a layout.</param>
internal sealed record AdminServices(ClusterReport Cluster, ServingState Serving, LayoutAdministration? Layout);

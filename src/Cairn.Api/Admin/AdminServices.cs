using Cairn.Api.Health;

namespace Cairn.Api.Admin;

/// <summary>What the operations of the admin API work on.</summary>
internal sealed record AdminServices(ClusterReport Cluster, ServingState Serving);

using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Clusters;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.SimulationTests.Cluster;

/// <summary>Random histories of whole clusters: no seed may break a rule, unless a rule of the protocol is broken first.</summary>
public sealed class ClusterHistoryTests
{
    private const ulong Seeds = 100;

    [Fact]
    public void Cluster_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(Seeds, seed => ClusterRun.Run(new World(seed), StoreMutation.None));

    [Theory]
    [InlineData("no-promise")]
    [InlineData("ack-early")]
    [InlineData("drop-old")]
    [InlineData("blind-heal")]
    public void Broken_rule_is_caught(string mutation)
    {
        StoreMutation broken = StoreMutation.Find(mutation)!;
        Sweep.Catch(500, seed => ClusterRun.Run(new World(seed), broken));
    }
}

using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Clusters;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.SimulationTests.Cluster;

/// <summary>Random histories of whole clusters: no seed may break a rule, unless a rule of the protocol is broken first.</summary>
public sealed class ClusterHistoryTests
{
    private const ulong Seeds = 100;
    private const ulong ElasticSeeds = 30;

    [Fact]
    public void Cluster_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(Seeds, seed => ClusterRun.Run(new World(seed), StoreMutation.None));

    [Fact]
    public void Cluster_whose_layout_changes_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(ElasticSeeds, seed => ClusterRun.Run(new World(seed), StoreMutation.None, isElastic: true));

    // What they once showed is told by the named tests beside; here all of it goes on at the same time.
    [Theory]
    [InlineData(25810)] // a delete that was cleared away was found done
    [InlineData(25271)] // a drive that was set aside was not asked although it could have told (also the next two)
    [InlineData(25718)]
    [InlineData(26530)]
    [InlineData(23132)] // what a replaced drive missed was noted under the name of its predecessor (also the next one)
    [InlineData(28728)]
    [InlineData(33569)] // a tombstone that was raised on some drives was forgotten by the others
    [InlineData(103322)] // a conditional write came to count above a version that was acknowledged without it (also the next one)
    [InlineData(105274)]
    public void Seed_that_broke_a_rule_passes(ulong seed) => ClusterRun.Run(new World(seed), StoreMutation.None);

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

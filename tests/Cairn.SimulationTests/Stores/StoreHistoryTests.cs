using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Stores;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.SimulationTests.Stores;

/// <summary>Random histories of the whole store: no seed may break a rule, unless a rule of the protocol is broken first.</summary>
public sealed class StoreHistoryTests
{
    private const ulong Seeds = 250;
    private const ulong LinkedSeeds = 100;
    private const ulong ElasticSeeds = 40;

    [Fact]
    public void Store_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(Seeds, seed => StoreRun.Run(new World(seed), StoreMutation.None));

    [Fact]
    public void Store_over_links_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(LinkedSeeds, seed => StoreRun.Run(new World(seed), StoreMutation.None, isLinked: true));

    [Fact]
    public void Store_whose_layout_changes_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(ElasticSeeds, seed => StoreRun.Run(new World(seed), StoreMutation.None, isElastic: true));

    [Theory]
    [InlineData("ack-early", 100)]
    [InlineData("drop-old", 100)]
    [InlineData("trust-pending", 100)]
    [InlineData("no-promise", 200)]
    [InlineData("small-quorum", 100)]
    [InlineData("hasty-recovery", 300)]
    public void Broken_commit_order_is_caught(string mutation, ulong withinSeeds)
    {
        StoreMutation broken = StoreMutation.Find(mutation)!;
        Sweep.Catch(withinSeeds, seed => StoreRun.Run(new World(seed), broken));
    }

    // Without the fence it takes a coordinator that is held up, in the middle of a write, for as long as a whole move takes:
    // one of some hundred seeds has it. LayoutsApartTests tells it step by step instead.
    [Theory]
    [InlineData("half-joint", 150)]
    [InlineData("blind-finish", 50)]
    public void Broken_change_of_the_layout_is_caught(string mutation, ulong withinSeeds)
    {
        StoreMutation broken = StoreMutation.Find(mutation)!;
        Sweep.Catch(withinSeeds, seed => StoreRun.Run(new World(seed), broken, isElastic: true));
    }
}

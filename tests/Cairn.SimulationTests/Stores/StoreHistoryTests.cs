using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Stores;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.SimulationTests.Stores;

/// <summary>Random histories of the whole store: no seed may break a rule, unless a rule of the protocol is broken first.</summary>
public sealed class StoreHistoryTests
{
    private const ulong Seeds = 500;
    private const ulong SeedsToCatch = 100;

    [Fact]
    public void Store_is_linearizable_and_durable_under_faults() =>
        Sweep.Pass(Seeds, seed => StoreRun.Run(new World(seed), StoreMutation.None));

    [Theory]
    [InlineData("ack-early")]
    [InlineData("drop-old")]
    [InlineData("trust-pending")]
    [InlineData("no-promise")]
    [InlineData("small-quorum")]
    public void Broken_commit_order_is_caught(string mutation)
    {
        StoreMutation broken = StoreMutation.Find(mutation)!;
        Sweep.Catch(SeedsToCatch, seed => StoreRun.Run(new World(seed), broken));
    }
}

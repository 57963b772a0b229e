using System.Diagnostics;
using System.Globalization;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Stores;
using Cairn.Testing.Simulation.Stores.Mutations;
using Xunit;

namespace Cairn.SimulationTests;

/// <summary>A seed is a bug report: it must mean the same run here, again, and in another process.</summary>
public sealed class DeterminismTests
{
    [Fact]
    public void Store_replays_a_seed_exactly()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            Assert.Equal(TraceOf(seed), TraceOf(seed));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Store_replays_a_seed_exactly_in_another_process(ulong seed)
    {
        string swarm = Path.Combine(AppContext.BaseDirectory, "Cairn.Swarm.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", swarm, "replay", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using Process replay = Process.Start(start)!;
        string output = await replay.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await replay.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(
            $"Both runs have the trace {TraceOf(seed):x16}.", output, StringComparison.Ordinal);
    }

    private static ulong TraceOf(ulong seed)
    {
        var world = new World(seed);
        StoreRun.Run(world, StoreMutation.None);
        return world.Trace.Hash;
    }
}

using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.SimulationTests;

/// <summary>What a test says about many seeds.</summary>
internal static class Sweep
{
    /// <summary>No seed breaks a rule; otherwise the first one is shown whole and the others by name.</summary>
    public static void Pass(ulong seeds, Action<ulong> run)
    {
        (SortedDictionary<ulong, SimulationFailure> failures, _) = SeedSweep.Run(0, seeds, failureLimit: 10, run);
        Assert.True(
            failures.Count == 0,
            failures.Values.FirstOrDefault()?.Message
            + string.Join('\n', failures.Select(f => $"seed {f.Key}: {f.Value.Reason.Split('\n')[0]}")));
    }

    /// <summary>Some seed breaks a rule.</summary>
    public static SimulationFailure Catch(ulong seeds, Action<ulong> run)
    {
        (SortedDictionary<ulong, SimulationFailure> failures, _) = SeedSweep.Run(0, seeds, failureLimit: 1, run);
        return Assert.Single(failures.Values.Take(1));
    }
}

using System.Diagnostics;
using System.Globalization;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Swarm;

/// <summary>Runs many seeds and reports what they found.</summary>
internal static class SwarmCommand
{
    private const int FailuresShown = 20;
    private const int TraceWindow = 60;

    public static int Run(SwarmArguments arguments)
    {
        bool isHunt = arguments.Mutation != StoreMutation.None;
        long started = Stopwatch.GetTimestamp();
        (SortedDictionary<ulong, SimulationFailure> failures, ulong seeds) = SeedSweep.Run(
            arguments.Start,
            arguments.Seeds,
            isHunt ? 1 : FailuresShown,
            seed => SeedRunner.Run(seed, arguments, TraceWindow));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{arguments.Workload}, mutation {arguments.Mutation.Name}: {seeds} seeds, {failures.Count} violations, "
            + $"{elapsed.TotalSeconds:F1} s, {elapsed.TotalMilliseconds / seeds:F1} ms per seed"));
        ShowOutcomes();
        ShowFailures(arguments, failures);
        return isHunt
            ? (failures.Count > 0 ? 0 : 3)
            : (failures.Count == 0 ? 0 : 1);
    }

    private static void ShowOutcomes()
    {
        foreach ((string outcome, long count) in SeedRunner.Outcomes.All)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {outcome,-40} {count,10}"));
        }
    }

    private static void ShowFailures(SwarmArguments arguments, SortedDictionary<ulong, SimulationFailure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        Console.WriteLine(failures.First().Value.Message);
        foreach ((ulong seed, SimulationFailure failure) in failures)
        {
            Console.WriteLine($"seed {seed}: {failure.Reason.Split('\n')[0]}");
        }

        Console.WriteLine(
            $"To see the first again: replay {failures.First().Key} --workload {arguments.Workload} --mutation {arguments.Mutation.Name}");
    }
}

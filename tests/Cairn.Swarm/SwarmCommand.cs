using System.Diagnostics;
using System.Globalization;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Swarm;

/// <summary>Runs many seeds, each world on one of two threads.</summary>
internal static class SwarmCommand
{
    // The checker recurses once per operation of a key.
    private const int StackBytes = 64 << 20;
    private const int Threads = 2;
    private const int FailuresShown = 20;

    public static int Run(SwarmArguments arguments)
    {
        bool isHunt = arguments.Mutation != StoreMutation.None;
        ulong next = arguments.Start;
        ulong end = arguments.Start + arguments.Seeds;
        var failures = new SortedDictionary<ulong, SimulationFailure>();
        var gate = new Lock();
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(Work, StackBytes))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return Report(arguments, failures, Stopwatch.GetElapsedTime(started), next - arguments.Start);

        void Work()
        {
            while (true)
            {
                ulong seed;
                lock (gate)
                {
                    if (next == end || failures.Count >= FailuresShown || (isHunt && failures.Count > 0))
                    {
                        return;
                    }

                    seed = next++;
                }

                try
                {
                    SeedRunner.Run(seed, arguments, traceWindow: 60);
                }
                catch (SimulationFailure failure)
                {
                    lock (gate)
                    {
                        failures.Add(seed, failure);
                    }
                }
            }
        }
    }

    private static int Report(
        SwarmArguments arguments, SortedDictionary<ulong, SimulationFailure> failures, TimeSpan elapsed, ulong seeds)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{arguments.Workload}, mutation {arguments.Mutation.Name}: {seeds} seeds, {failures.Count} violations, {elapsed.TotalSeconds:F1} s, {elapsed.TotalMilliseconds * Threads / seeds:F1} ms of one core per seed"));
        foreach ((string outcome, long count) in SeedRunner.Outcomes.All)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {outcome,-40} {count,10}"));
        }

        if (failures.Count > 0)
        {
            Console.WriteLine(failures.First().Value.Message);
            foreach ((ulong seed, SimulationFailure failure) in failures)
            {
                Console.WriteLine($"seed {seed}: {failure.Reason.Split('\n')[0]}");
            }

            Console.WriteLine(
                $"To see the first again: replay {failures.First().Key} --workload {arguments.Workload} --mutation {arguments.Mutation.Name}");
        }

        return arguments.Mutation == StoreMutation.None
            ? (failures.Count == 0 ? 0 : 1)
            : (failures.Count > 0 ? 0 : 3);
    }
}

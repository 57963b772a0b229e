namespace Cairn.Testing.Simulation;

/// <summary>Runs many seeds, each in a world of its own, on two threads.</summary>
internal static class SeedSweep
{
    // The checker recurses once per operation of a key.
    private const int StackBytes = 64 << 20;
    private const int Threads = 2;

    /// <param name="start">The first seed.</param>
    /// <param name="count">How many seeds.</param>
    /// <param name="failureLimit">Stops after so many failures.</param>
    /// <param name="run">Runs one seed; called on either thread.</param>
    /// <returns>What was found, by seed, and how many seeds were run.</returns>
    public static (SortedDictionary<ulong, SimulationFailure> Failures, ulong Seeds) Run(
        ulong start, ulong count, int failureLimit, Action<ulong> run)
    {
        ulong next = start;
        var failures = new SortedDictionary<ulong, SimulationFailure>();
        var gate = new Lock();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(Work, StackBytes))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return (failures, next - start);

        bool TryTake(out ulong seed)
        {
            lock (gate)
            {
                seed = next;
                bool isLeft = next < start + count && failures.Count < failureLimit;
                next += isLeft ? 1UL : 0;
                return isLeft;
            }
        }

        void Work()
        {
            while (TryTake(out ulong seed))
            {
                try
                {
                    run(seed);
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
}

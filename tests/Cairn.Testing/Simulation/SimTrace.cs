namespace Cairn.Testing.Simulation;

/// <summary>The hash of everything that happened in a world, and the last events in readable form.</summary>
/// <param name="windowSize">How many events are kept for a failure report.</param>
internal sealed class SimTrace(int windowSize)
{
    private readonly TraceEvent[] _window = new TraceEvent[windowSize];

    /// <summary>Equal for two runs exactly when they did the same in the same order, as far as 64 bits can tell.</summary>
    public ulong Hash { get; private set; } = TraceHash.Start;

    public long Count { get; private set; }

    public void Record(TraceEvent happened)
    {
        ulong hash = TraceHash.Add(Hash, (ulong)happened.TimeTicks);
        hash = TraceHash.Add(hash, happened.Source);
        hash = TraceHash.Add(hash, happened.What);
        hash = TraceHash.Add(hash, happened.Detail);
        Hash = TraceHash.Add(hash, (ulong)happened.Number);
        _window[Count++ % _window.Length] = happened;
    }

    /// <summary>Adds a scheduling choice: too many to keep, enough to notice every divergence.</summary>
    public void Mix(ulong choice) => Hash = TraceHash.Add(Hash, choice);

    public IEnumerable<TraceEvent> Window()
    {
        for (long i = Math.Max(0, Count - _window.Length); i < Count; i++)
        {
            yield return _window[i % _window.Length];
        }
    }
}

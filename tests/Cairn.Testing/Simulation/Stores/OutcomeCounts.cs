namespace Cairn.Testing.Simulation.Stores;

/// <summary>How often each kind of operation ended how: shows whether a swarm tests anything.</summary>
internal sealed class OutcomeCounts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> All => _counts;

    public void Count(string operation, string outcome)
    {
        string name = operation + ":" + outcome;
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }

    public void Add(OutcomeCounts other)
    {
        foreach ((string name, long count) in other._counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + count;
        }
    }
}

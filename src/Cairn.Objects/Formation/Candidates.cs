namespace Cairn.Objects.Formation;

/// <summary>Nodes that have introduced themselves, because they or some of their drives are not part of the store.</summary>
/// <remarks>They do so every second: who has been silent for long is gone. Concurrency: any caller.</remarks>
public sealed class Candidates(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private const int MostKnown = 1_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (NodeDescription Node, long Heard)> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<NodeDescription> Present()
    {
        lock (_gate)
        {
            return
            [
                .. _known.Values.Where(known => time.GetElapsedTime(known.Heard) < Lifetime).Select(known => known.Node),
            ];
        }
    }

    public void Note(NodeDescription node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (_gate)
        {
            if (_known.Count < MostKnown || _known.ContainsKey(node.Name))
            {
                _known[node.Name] = (node, time.GetTimestamp());
            }
        }
    }
}

using System.Collections.Immutable;
using Cairn.Drives.Index;

namespace Cairn.Testing.Simulation.Disks;

/// <summary>The durable content of a disk's index: one sorted table per family.</summary>
/// <remarks>Tables are immutable, so that a cursor's view costs nothing and cannot change under it.</remarks>
internal sealed class SimTables
{
    private Dictionary<IndexFamily, ImmutableSortedSet<IndexRow>> _tables = [];
    private Dictionary<IndexFamily, ImmutableSortedSet<IndexRow>>? _durable;
    private List<IndexChange>? _doubtful;

    /// <summary>Keys and values, in bytes.</summary>
    public long SizeBytes { get; private set; }

    public ImmutableSortedSet<IndexRow> Table(IndexFamily family) =>
        _tables.GetValueOrDefault(family) ?? ImmutableSortedSet<IndexRow>.Empty.WithComparer(IndexRow.ByKey);

    public IndexRow? Find(IndexFamily family, ReadOnlyMemory<byte> key) =>
        Table(family).TryGetValue(new IndexRow(key.ToArray(), []), out IndexRow? row) ? row : null;

    public void Apply(IEnumerable<IndexChange> changes)
    {
        foreach (IndexChange change in changes)
        {
            ImmutableSortedSet<IndexRow> table = Table(change.Family);
            var row = new IndexRow(change.Key.ToArray(), change.IsDelete ? [] : change.Value.ToArray());
            if (table.TryGetValue(row, out IndexRow? old) && !ReferenceEquals(old, row))
            {
                SizeBytes -= old.Key.Length + old.Value.Length;
                table = table.Remove(old);
            }

            if (!change.IsDelete)
            {
                SizeBytes += row.Key.Length + row.Value.Length;
                table = table.Add(row);
            }

            _tables[change.Family] = table;
        }
    }

    /// <summary>A batch whose write failed: the log may hold it all the same, which the next start finds out.</summary>
    public void Doubt(IndexBatch batch) => _doubtful =
        [.. batch.Changes.Select(c => c with { Key = c.Key.ToArray(), Value = c.Value.ToArray() })];

    /// <summary>The index is removed.</summary>
    public void Clear()
    {
        _tables = [];
        _durable = null;
        _doubtful = null;
        SizeBytes = 0;
    }

    /// <summary>A start: reads the log.</summary>
    public void Recover(bool hasDoubtful)
    {
        if (_doubtful is not null && hasDoubtful)
        {
            Apply(_doubtful);
        }

        _doubtful = null;
    }

    /// <summary>What follows is visible and not yet durable. Only a lying disk does so.</summary>
    public void BeginUndurable() => _durable ??= new Dictionary<IndexFamily, ImmutableSortedSet<IndexRow>>(_tables);

    /// <summary>All that is visible is durable.</summary>
    public void EndUndurable() => _durable = null;

    public void LosePower()
    {
        _tables = _durable ?? _tables;
        _durable = null;
    }

    public void Replace(IndexFamily family, IndexRow old, IndexRow replacement) =>
        _tables[family] = Table(family).Remove(old).Add(replacement);
}

namespace Cairn.Drives.Index;

/// <summary>Changes to an index that become durable together, in order.</summary>
public sealed class IndexBatch
{
    private readonly List<IndexChange> _changes = [];

    public IReadOnlyList<IndexChange> Changes => _changes;

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Sets a key. The memory must stay unchanged until the batch is written.</summary>
    public void Put(IndexFamily family, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        _changes.Add(new IndexChange(family, key, value, false));

    /// <summary>Removes a key, whether it is there or not.</summary>
    public void Delete(IndexFamily family, ReadOnlyMemory<byte> key) =>
        _changes.Add(new IndexChange(family, key, default, true));

    public void Clear() => _changes.Clear();
}

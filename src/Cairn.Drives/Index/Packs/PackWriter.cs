namespace Cairn.Drives.Index.Packs;

/// <summary>Moves large values of changes into packs before the changes go into the index.</summary>
/// <remarks>
/// Purpose: a shard is many times larger than its key. In a pack it is written once, and a search in the index passes
/// over places of values instead of over the values.
/// Invariants: what a change points to is durable when <see cref="Stow"/> returns.
/// Concurrency: one drain at a time.
/// Failure: what was appended for changes that did not come into the index is never pointed to; it stays in the pack
/// uncounted until the pack is collected.
/// </remarks>
/// <param name="store">Of the index.</param>
/// <param name="find">The row of Shards as the index has it now: a value or a place; null when there is none.</param>
/// <param name="packBytes">A pack of this many bytes is followed by another.</param>
internal sealed class PackWriter(PackStore store, Func<ReadOnlyMemory<byte>, byte[]?> find, long packBytes)
{
    /// <summary>Values of this many bytes and more go into packs.</summary>
    public const int LeastValue = 1 << 10;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private readonly HashSet<Pack> _changed = [];
    private readonly List<Pack> _emptied = [];
    private Pack? _current = store.Last is { } last && last.Length < packBytes ? last : null;
    private long _offset = store.Last?.Length ?? 0;

    /// <summary>Puts large values into a pack and their places into the changes, and counts what loses its last row.</summary>
    /// <param name="changes">Of all families, one for each row; those about the packs themselves are added.</param>
    /// <param name="mayReplace">
    /// Rows may be there already, as after a crash. Otherwise only removals are counted: data ids are new, a search for
    /// each of them would cost more than the few bytes that a repair leaves behind.
    /// </param>
    /// <exception cref="Os.DriveIoException">The device failed.</exception>
    public void Stow(List<IndexChange> changes, bool mayReplace)
    {
        for (int i = 0; i < changes.Count; i++)
        {
            IndexChange change = changes[i];
            if (change.Family != IndexFamily.Shards)
            {
                continue;
            }

            if (change.IsDelete || mayReplace)
            {
                Uncount(change.Key);
            }

            if (!change.IsDelete && (change.Value.Length >= LeastValue || PackPlace.TryDecode(change.Value.Span, out _)))
            {
                changes[i] = change with { Value = Append(change.Key.Span, change.Value).Encode() };
            }
        }

        Flush();
        AddRows(changes);
    }

    /// <summary>Puts a value into the current pack; durable after <see cref="Flush"/>.</summary>
    public PackPlace Append(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value)
    {
        if (_current is null || (_offset >= packBytes && _parts.Count == 0))
        {
            _current = store.Create();
            _offset = 0;
        }

        byte[] header = PackEntry.EncodeHeader(key, value.Length);
        _parts.Add(header);
        _parts.Add(value);
        PackPlace place = new(_current.Number, _offset + header.Length, value.Length);
        _offset = place.Offset + value.Length;
        _current.Live += value.Length;
        return place;
    }

    /// <summary>Makes durable what was appended.</summary>
    public void Flush()
    {
        if (_current is { } pack && _parts.Count != 0)
        {
            pack.Append(_parts);
            pack.Sync();
            _parts.Clear();
            _changed.Add(pack);
        }
    }

    /// <summary>Adds the rows of the packs that have changed.</summary>
    public void AddRows(List<IndexChange> changes)
    {
        foreach (Pack pack in _changed)
        {
            byte[] key = PackRow.Key(pack.Number);
            changes.Add(pack.IsEmptied
                ? new IndexChange(IndexFamily.Shards, key, default, true)
                : new IndexChange(IndexFamily.Shards, key, PackRow.Encode(key, pack.Length, pack.Live), false));
        }

        _changed.Clear();
    }

    /// <summary>A pack of which most is of no use, and which is not written any more.</summary>
    public Pack? FindMostlyDead() => store.Packs.FirstOrDefault(pack => pack.IsMostlyDead && pack != _current);

    /// <summary>The index has a row that points there.</summary>
    public bool IsLive(ReadOnlyMemory<byte> key, PackPlace place) =>
        find(key) is { } row && PackPlace.TryDecode(row, out PackPlace found) && found == place;

    /// <summary>The changes that are being made leave no row that points into the pack.</summary>
    public void Empty(Pack pack)
    {
        pack.IsEmptied = true;
        _changed.Add(pack);
        _emptied.Add(pack);
    }

    /// <summary>The changes are in the index, and no reader looks there yet for what the buffer has.</summary>
    public void Settle(IReadOnlyList<IndexChange> changes)
    {
        store.Places.Forget(changes);
        foreach (Pack pack in _emptied)
        {
            store.NoteEmptied(pack);
        }

        _emptied.Clear();
    }

    private void Uncount(ReadOnlyMemory<byte> key)
    {
        if (find(key) is { } row && PackPlace.TryDecode(row, out PackPlace place) && store.Find(place.Pack) is { } pack)
        {
            pack.Live -= place.Length;
            _changed.Add(pack);
        }
    }
}

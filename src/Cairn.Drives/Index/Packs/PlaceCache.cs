using Cairn.Primitives.Ids;

namespace Cairn.Drives.Index.Packs;

/// <summary>Where values lie that were lately read, without a search in the index.</summary>
/// <remarks>
/// Purpose: a search takes two or three microseconds, a sixth of what a small read costs the node, for 21 bytes.
/// Invariants: what is found is what the row said after the last change that was stored. So whoever stores changes of rows
/// calls <see cref="Forget"/> before they leave the buffer, in which readers look first; and what a reader found before
/// that may not be brought in afterwards, which its stamp tells.
/// Bounded: one place for all ids with one hash.
/// Concurrency: any thread.
/// </remarks>
internal sealed class PlaceCache
{
    private const int Slots = 16 << 10;

    private readonly Lock _gate = new();
    private readonly Entry?[] _entries = new Entry?[Slots];
    private readonly int[] _changes = new int[Slots];

    public bool TryFind(ReadOnlySpan<byte> key, out PackPlace place)
    {
        if (key.Length == DataId.Size
            && DataId.Read(key) is var id
            && Volatile.Read(ref _entries[SlotOf(id)]) is { } entry
            && entry.Id == id)
        {
            place = entry.Place;
            return true;
        }

        place = default;
        return false;
    }

    /// <summary>To be taken before a row is read, and handed to <see cref="Offer"/> with what it said.</summary>
    public int StampOf(ReadOnlySpan<byte> key) =>
        key.Length == DataId.Size ? Volatile.Read(ref _changes[SlotOf(DataId.Read(key))]) : 0;

    /// <summary>Keeps a place, unless something changed since the stamp.</summary>
    public void Offer(ReadOnlySpan<byte> key, PackPlace place, int stamp)
    {
        if (key.Length != DataId.Size)
        {
            return;
        }

        Entry entry = new(DataId.Read(key), place);
        int slot = SlotOf(entry.Id);
        lock (_gate)
        {
            if (_changes[slot] == stamp)
            {
                Volatile.Write(ref _entries[slot], entry);
            }
        }
    }

    /// <summary>These changes are stored.</summary>
    public void Forget(IReadOnlyList<IndexChange> changes)
    {
        lock (_gate)
        {
            foreach (IndexChange change in changes)
            {
                if (change.Family == IndexFamily.Shards && change.Key.Length == DataId.Size)
                {
                    int slot = SlotOf(DataId.Read(change.Key.Span));
                    Volatile.Write(ref _changes[slot], _changes[slot] + 1);
                    Volatile.Write(ref _entries[slot], null);
                }
            }
        }
    }

    // Ids end in chance.
    private static int SlotOf(DataId id) => (int)(id.Random % Slots);

    private sealed record Entry(DataId Id, PackPlace Place);
}

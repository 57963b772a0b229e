using Cairn.Primitives.Ids;

namespace Cairn.Drives.Index.Packs;

/// <summary>Where values lie that were lately read, without a search in the index.</summary>
/// <remarks>
/// Purpose: a search takes two or three microseconds, a sixth of what a small read costs the node, for 21 bytes.
/// Invariants: what is found is what the row said after the last change that was stored. So whoever stores changes of rows
/// calls <see cref="Forget"/> before they leave the buffer, in which readers look first; and what a reader found before
/// that may not be brought in afterwards, which its stamp tells.
/// Bounded: by number.
/// Concurrency: any thread.
/// </remarks>
internal sealed class PlaceCache
{
    private const int Capacity = 16 << 10;

    private readonly Lock _gate = new();
    private readonly SetAssociativeCache<DataId, Held> _places = new(Capacity);

    // By the end of the id.
    private readonly int[] _changes = new int[Capacity];

    public bool TryFind(ReadOnlySpan<byte> key, out PackPlace place)
    {
        if (key.Length == DataId.Size && DataId.Read(key) is var id && _places.Find(id, HashOf(id)) is { } held)
        {
            place = held.Place;
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

        DataId id = DataId.Read(key);
        lock (_gate)
        {
            if (_changes[SlotOf(id)] == stamp)
            {
                _places.Put(id, HashOf(id), new Held(place));
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
                    DataId id = DataId.Read(change.Key.Span);
                    int slot = SlotOf(id);
                    Volatile.Write(ref _changes[slot], _changes[slot] + 1);
                    _places.Remove(id, HashOf(id));
                }
            }
        }
    }

    // Ids end in chance.
    private static uint HashOf(DataId id) => (uint)(id.Random & uint.MaxValue);

    private static int SlotOf(DataId id) => (int)(HashOf(id) % Capacity);

    private sealed record Held(PackPlace Place);
}

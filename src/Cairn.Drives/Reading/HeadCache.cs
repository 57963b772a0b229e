using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Checksums;

namespace Cairn.Drives.Reading;

/// <summary>Heads of the index that are in memory: those lately read, and those that wait for their commit.</summary>
/// <remarks>
/// Purpose: a read of the index costs microseconds, most of them waiting for memory. The commit of a value follows its
/// accept at once, and what was read is often read again.
/// Invariants: what is found equals the row as the index shows it to everybody else. A listing does not come by here:
/// what it has seen of a batch that is being written, a later read must not miss. So nothing is kept of a register
/// between the beginning of the batch that changes it and its end; and what a reader loaded before it may not bring in
/// afterwards, since it cannot know which of the two rows it saw.
/// Bounded: one place for all keys with one hash, and small heads only.
/// Concurrency: any reader; changes by the committer alone.
/// </remarks>
internal sealed class HeadCache(int slots)
{
    private const int LargestHead = 512;

    // Holds a place while a batch changes it.
    private static readonly Slot Changing = new(default, RegisterHead.Empty);

    private readonly Lock _gate = new();
    private readonly Slot?[] _slots = new Slot?[slots];
    private readonly int[] _changes = new int[slots];

    public RegisterHead? Find(RegisterKey key) =>
        Volatile.Read(ref _slots[PlaceOf(key)]) is { } slot && slot.Key == key ? slot.Head : null;

    /// <summary>To be taken before a row is read, and handed to <see cref="Offer"/> with what was read.</summary>
    public int StampOf(RegisterKey key) => Volatile.Read(ref _changes[PlaceOf(key)]);

    /// <summary>Keeps what was read, unless something changed since the stamp.</summary>
    public void Offer(RegisterKey key, RegisterHead head, int stamp)
    {
        int place = PlaceOf(key);
        if (head.EncodedSize > LargestHead)
        {
            return;
        }

        lock (_gate)
        {
            if (_changes[place] == stamp && !ReferenceEquals(_slots[place], Changing))
            {
                Volatile.Write(ref _slots[place], new Slot(key, head));
            }
        }
    }

    /// <summary>A batch that changes these registers is about to be written.</summary>
    public void BeginChange(Dictionary<RegisterKey, RegisterHead?> heads)
    {
        lock (_gate)
        {
            foreach (RegisterKey key in heads.Keys)
            {
                Set(PlaceOf(key), Changing);
            }
        }
    }

    /// <summary>The batch was written. Heads that wait for a commit are kept, for it needs them next.</summary>
    public void EndChange(Dictionary<RegisterKey, RegisterHead?> heads)
    {
        lock (_gate)
        {
            foreach ((RegisterKey key, RegisterHead? head) in heads)
            {
                bool isKept = head is not null && head.HasPending && head.EncodedSize <= LargestHead;
                Set(PlaceOf(key), isKept ? new Slot(key, head!) : null);
            }
        }
    }

    /// <summary>Has the row itself read again, for whoever wants to see what is on the device.</summary>
    public void Remove(RegisterKey key)
    {
        lock (_gate)
        {
            Set(PlaceOf(key), null);
        }
    }

    private void Set(int place, Slot? slot)
    {
        Volatile.Write(ref _changes[place], _changes[place] + 1);
        Volatile.Write(ref _slots[place], slot);
    }

    // Not the key's own hash, which is seeded by process: a simulated run must be the same each time.
    private int PlaceOf(RegisterKey key) => (int)(Crc32C.Compute(key.Encoded.Span) % (uint)slots);

    private sealed record Slot(RegisterKey Key, RegisterHead Head);
}

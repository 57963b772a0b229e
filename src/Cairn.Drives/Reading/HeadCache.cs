using Cairn.Drives.Index;
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
/// Bounded: by number, and small heads only.
/// Concurrency: any reader; changes by the committer alone.
/// </remarks>
internal sealed class HeadCache(int capacity)
{
    private const int LargestHead = 512;

    private readonly Lock _gate = new();
    private readonly SetAssociativeCache<RegisterKey, RegisterHead> _heads = new(capacity);

    // By hash: changes so far, and those that are being written.
    private readonly int[] _changes = new int[capacity];
    private readonly int[] _underWay = new int[capacity];

    public RegisterHead? Find(RegisterKey key) => _heads.Find(key, HashOf(key));

    /// <summary>To be taken before a row is read, and handed to <see cref="Offer"/> with what was read.</summary>
    public int StampOf(RegisterKey key) => Volatile.Read(ref _changes[PlaceOf(HashOf(key))]);

    /// <summary>Keeps what was read, unless something changed since the stamp.</summary>
    public void Offer(RegisterKey key, RegisterHead head, int stamp)
    {
        if (head.EncodedSize > LargestHead)
        {
            return;
        }

        uint hash = HashOf(key);
        int place = PlaceOf(hash);
        lock (_gate)
        {
            if (_changes[place] == stamp && _underWay[place] == 0)
            {
                _heads.Put(key, hash, head);
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
                _underWay[PlaceOf(Change(key))]++;
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
                uint hash = Change(key);
                _underWay[PlaceOf(hash)]--;
                if (head is not null && head.HasPending && head.EncodedSize <= LargestHead)
                {
                    _heads.Put(key, hash, head);
                }
            }
        }
    }

    /// <summary>Has the row itself read again, for whoever wants to see what is on the device.</summary>
    public void Remove(RegisterKey key)
    {
        lock (_gate)
        {
            Change(key);
        }
    }

    private uint Change(RegisterKey key)
    {
        uint hash = HashOf(key);
        int place = PlaceOf(hash);
        Volatile.Write(ref _changes[place], _changes[place] + 1);
        _heads.Remove(key, hash);
        return hash;
    }

    // Not the key's own hash, which is seeded by process: a simulated run must be the same each time.
    private static uint HashOf(RegisterKey key) => Crc32C.Compute(key.Encoded.Span);

    private int PlaceOf(uint hash) => (int)(hash % (uint)_changes.Length);
}

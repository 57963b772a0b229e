using Cairn.Drives.Records;
using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>Heads with an entry that waits for its commit, as the last durable batches left them.</summary>
/// <remarks>
/// Purpose: the commit of a value comes a moment after the accept; the head need not be read again for it.
/// Invariants: what is found here equals the row in the index. It holds because the committer is the only one who
/// changes heads, puts here what a batch wrote once that is durable, and ends with the first batch that fails.
/// Bounded in two generations, for entries whose commit never comes: when the young one is full it becomes the old one,
/// and what was old is let go.
/// Concurrency: the committer alone.
/// </remarks>
internal sealed class PendingHeads
{
    private const int BytesOfGeneration = 512 << 10;

    private Dictionary<RegisterKey, RegisterHead> _young = [];
    private Dictionary<RegisterKey, RegisterHead> _old = [];
    private int _youngBytes;

    public RegisterHead? Find(RegisterKey key) => _young.GetValueOrDefault(key) ?? _old.GetValueOrDefault(key);

    /// <summary>A batch that leaves this head, or no row (null), is durable.</summary>
    public void Note(RegisterKey key, RegisterHead? head)
    {
        Remove(key);
        if (head is null || !HasPending(head))
        {
            return;
        }

        _young[key] = head;
        _youngBytes += SizeOf(key, head);
        if (_youngBytes > BytesOfGeneration)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _youngBytes = 0;
        }
    }

    /// <summary>Has the row itself read again, for whoever wants to see what is on the device.</summary>
    public void Remove(RegisterKey key)
    {
        if (_young.Remove(key, out RegisterHead? head))
        {
            _youngBytes -= SizeOf(key, head);
        }

        _old.Remove(key);
    }

    private static bool HasPending(RegisterHead head)
    {
        foreach (StoredEntry entry in head.Entries)
        {
            if (!entry.IsCommitted)
            {
                return true;
            }
        }

        return false;
    }

    private static int SizeOf(RegisterKey key, RegisterHead head) => key.Encoded.Length + head.EncodedSize;
}

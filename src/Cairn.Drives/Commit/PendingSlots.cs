using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Which registers of the drive hold a value that waits for its commit, and since when.</summary>
/// <remarks>
/// Purpose: coordinators die between accept and commit. What they leave is found here, without a walk over the index, and
/// its age is told by this drive's own clock instead of by the ballot of a clock that may be wrong.
/// Invariants: of each register the pending value with the lowest ballot is noted; the age begins anew with another one,
/// so that a register under constant writing does not look abandoned.
/// Concurrency: noted by the committer, asked by anyone.
/// </remarks>
internal sealed class PendingSlots(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RegisterKey, Note> _notes = [];

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _notes.Count == 0;
            }
        }
    }

    /// <summary>A batch that changed these registers is durable.</summary>
    public void NoteWritten(Dictionary<RegisterKey, RegisterHead?> heads)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach ((RegisterKey key, RegisterHead? head) in heads)
            {
                if (LowestOf(head) is not { } pending)
                {
                    _notes.Remove(key);
                }
                else if (!_notes.TryGetValue(key, out Note note) || note.Ballot != pending.Ballot)
                {
                    _notes[key] = new Note(pending.Slot, pending.Ballot, now);
                }
            }
        }
    }

    /// <summary>Those that have waited for so long, in the order of their keys.</summary>
    public IReadOnlyList<PendingSlot> Find(TimeSpan age)
    {
        List<PendingSlot> found = [];
        lock (_gate)
        {
            foreach ((RegisterKey key, Note note) in _notes)
            {
                if (time.GetElapsedTime(note.Since) >= age)
                {
                    found.Add(new PendingSlot(key, note.Slot));
                }
            }
        }

        found.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return found;
    }

    private static StoredEntry? LowestOf(RegisterHead? head)
    {
        StoredEntry? lowest = null;
        foreach (StoredEntry entry in head?.Entries ?? [])
        {
            lowest = !entry.IsCommitted && (lowest is null || entry.Ballot < lowest.Ballot) ? entry : lowest;
        }

        return lowest;
    }

    private readonly record struct Note(VersionId Slot, Ballot Ballot, long Since);
}

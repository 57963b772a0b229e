using System.Numerics;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>Whom there is news about, and how often it has been told.</summary>
/// <remarks>
/// Invariants: one entry per member at most, so the queue is bounded by the members. Entries hold no content: what is
/// sent is what is known at that moment, so old news cannot overtake new.
/// See: Das, Gupta, Motivala, "SWIM", 2002, 4.1: each update is sent O(log n) times, the least sent first.
/// </remarks>
internal sealed class NewsQueue
{
    private readonly List<(NodeId Member, int Sent)> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public bool Contains(NodeId member) => IndexOf(member) >= 0;

    /// <summary>There is news: it has not been told to anybody.</summary>
    public void Put(NodeId member)
    {
        Remove(member);
        // At the front: among those never told, the newest first.
        _entries.Insert(0, (member, 0));
    }

    public void Remove(NodeId member)
    {
        int index = IndexOf(member);
        if (index >= 0)
        {
            _entries.RemoveAt(index);
        }
    }

    /// <summary>The members there is news about, the least told first.</summary>
    public IReadOnlyList<NodeId> GetOrder() => [.. _entries.OrderBy(entry => entry.Sent).Select(entry => entry.Member)];

    /// <summary>It has been told once more; after so many times it is no longer news.</summary>
    public void CountSent(NodeId member, int limit)
    {
        int index = IndexOf(member);
        int sent = _entries[index].Sent + 1;
        if (sent >= limit)
        {
            _entries.RemoveAt(index);
        }
        else
        {
            _entries[index] = (member, sent);
        }
    }

    /// <summary>Computes how often to tell, for so many members.</summary>
    public static int ComputeLimit(int factor, int members) => factor * (BitOperations.Log2((uint)members) + 1);

    private int IndexOf(NodeId member) => _entries.FindIndex(entry => entry.Member == member);
}

namespace Cairn.Drives.Index;

/// <summary>Some values by key; which ones stay is left to chance and order.</summary>
/// <remarks>
/// Purpose: a bounded memory without an allocation or a lock for who looks something up. Each key may be in one of four
/// places. With one place for each, two keys in use that share it push each other out for ever: with a third as many keys
/// as places that is one lookup of seven, with four places each it is one of a hundred.
/// Concurrency: Find by anybody, also beside a change, which it sees or not; changes one at a time.
/// </remarks>
/// <param name="capacity">Values at most.</param>
internal sealed class SetAssociativeCache<TKey, TValue>(int capacity)
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    private const int Ways = 4;

    private readonly Entry?[] _entries = new Entry?[Math.Max(1, capacity / Ways) * Ways];
    private int _nextWay;

    /// <param name="key">Of the value.</param>
    /// <param name="hash">Of the key: the same in each call.</param>
    public TValue? Find(TKey key, uint hash)
    {
        int first = FirstOf(hash);
        for (int place = first; place < first + Ways; place++)
        {
            if (Volatile.Read(ref _entries[place]) is { } entry && entry.Key.Equals(key))
            {
                return entry.Value;
            }
        }

        return null;
    }

    /// <summary>Keeps a value in place of the one of this key, or of any other.</summary>
    public void Put(TKey key, uint hash, TValue value)
    {
        int first = FirstOf(hash);
        int free = first + _nextWay;
        _nextWay = (_nextWay + 1) % Ways;
        for (int place = first; place < first + Ways; place++)
        {
            if (_entries[place] is not { } entry)
            {
                free = place;
            }
            else if (entry.Key.Equals(key))
            {
                free = place;
                break;
            }
        }

        Volatile.Write(ref _entries[free], new Entry(key, value));
    }

    public void Remove(TKey key, uint hash)
    {
        int first = FirstOf(hash);
        for (int place = first; place < first + Ways; place++)
        {
            if (_entries[place] is { } entry && entry.Key.Equals(key))
            {
                Volatile.Write(ref _entries[place], null);
            }
        }
    }

    private int FirstOf(uint hash) => (int)(hash % (uint)(_entries.Length / Ways)) * Ways;

    private sealed record Entry(TKey Key, TValue Value);
}

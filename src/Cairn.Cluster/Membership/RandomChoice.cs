using Cairn.Primitives;

namespace Cairn.Cluster.Membership;

/// <summary>Picks by chance.</summary>
internal sealed class RandomChoice(IEntropy entropy)
{
    /// <summary>0 up to, not including, the bound.</summary>
    public int Next(int exclusiveBound) =>
        // The high half of the product: no division, and a bias below 2^-32 for the bounds in use.
        (int)Math.BigMul(entropy.NextUInt64(), (ulong)exclusiveBound, out _);

    /// <summary>From nothing up to the whole of it.</summary>
    public TimeSpan PartOf(TimeSpan span) => new((long)Math.BigMul(entropy.NextUInt64(), (ulong)span.Ticks, out _));

    /// <summary>Puts a list into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(List<T> list)
    {
        for (int i = list.Count - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }

    /// <summary>Takes some of a list by chance, all when there are fewer; the list is left in another order.</summary>
    public IEnumerable<T> Take<T>(List<T> list, int count)
    {
        Shuffle(list);
        return list.Take(count);
    }
}

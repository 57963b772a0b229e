using System.Numerics;

namespace Cairn.Primitives.Erasure;

/// <summary>A set of shard indexes of one stripe: bit i stands for shard i, data shards first.</summary>
public readonly record struct ShardMask(ulong Bits)
{
    public int Count => BitOperations.PopCount(Bits);

    public static ShardMask operator |(ShardMask left, ShardMask right) => new(left.Bits | right.Bits);

    public static ShardMask operator &(ShardMask left, ShardMask right) => new(left.Bits & right.Bits);

    /// <summary>The first <paramref name="count"/> shards, 0 to 64.</summary>
    public static ShardMask All(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 64);
        return new(count == 64 ? ulong.MaxValue : (1UL << count) - 1);
    }

    public static ShardMask Of(params ReadOnlySpan<int> indexes)
    {
        var mask = default(ShardMask);
        foreach (var index in indexes)
        {
            mask = mask.With(index);
        }

        return mask;
    }

    public bool Contains(int index) => (Bits >> index & 1) != 0;

    public ShardMask With(int index) => new(Bits | 1UL << index);

    public ShardMask Without(ShardMask other) => new(Bits & ~other.Bits);

    public static ShardMask BitwiseOr(ShardMask left, ShardMask right) => left | right;

    public static ShardMask BitwiseAnd(ShardMask left, ShardMask right) => left & right;

    /// <summary>Writes the lowest indexes in ascending order; returns how many fitted.</summary>
    internal int CopyTo(Span<int> indexes)
    {
        var written = 0;
        for (var rest = Bits; rest != 0 && written < indexes.Length; rest &= rest - 1)
        {
            indexes[written++] = BitOperations.TrailingZeroCount(rest);
        }

        return written;
    }
}

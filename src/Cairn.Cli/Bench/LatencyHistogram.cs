using System.Numerics;

namespace Cairn.Cli.Bench;

/// <summary>Counts durations in buckets whose width grows with the duration.</summary>
/// <remarks>
/// Purpose: percentiles of millions of operations in constant memory and a few nanoseconds per operation.
/// Invariant: a reported value is within 1/128 of a recorded one; the maximum is exact.
/// Concurrency: one writer; merging happens after the writers have ended.
/// See: HdrHistogram, whose log-linear layout this is, with a fixed precision.
/// </remarks>
internal sealed class LatencyHistogram
{
    // Each power of two is cut into 64 buckets; the middle of a bucket is at most 1/128 off.
    private const int SubBits = 6;
    private const int SubCount = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits + 1) << SubBits];
    private double _sum;

    public long Count { get; private set; }

    /// <summary>Stopwatch ticks.</summary>
    public long Max { get; private set; }

    /// <summary>Stopwatch ticks; zero without any records.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Records a duration in stopwatch ticks, not negative.</summary>
    public void Record(long ticks)
    {
        _counts[IndexOf(ticks)]++;
        Count++;
        _sum += ticks;
        Max = Math.Max(Max, ticks);
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The duration that a share (0 to 1) of the records do not exceed, in stopwatch ticks.</summary>
    public long Quantile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(MiddleOf(i), Max);
            }
        }

        return Max;
    }

    private static int IndexOf(long value)
    {
        if (value < SubCount)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) & (SubCount - 1));
    }

    private static long MiddleOf(int index)
    {
        if (index < SubCount)
        {
            return index;
        }

        int shift = (index >> SubBits) - 1;
        long first = (long)(SubCount | (index & (SubCount - 1))) << shift;
        return first + ((1L << shift) >> 1);
    }
}

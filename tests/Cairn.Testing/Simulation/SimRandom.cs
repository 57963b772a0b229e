using System.Buffers.Binary;

namespace Cairn.Testing.Simulation;

/// <summary>A stream of chance that is the same in every process for the same seed.</summary>
/// <remarks>
/// Purpose: System.Random does not promise its algorithm across releases; a seed in a bug report must outlive one.
/// See: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64), 2014.
/// </remarks>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>An independent stream for one purpose. Depends on the seed and the name only, not on draws made before.</summary>
    public static SimRandom Named(ulong seed, string purpose)
    {
        ulong hash = TraceHash.Start;
        hash = TraceHash.Add(hash, seed);
        return new SimRandom(TraceHash.Add(hash, purpose));
    }

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 up to, not including, the bound.</summary>
    public int Next(int exclusiveBound) => (int)NextInt64(exclusiveBound);

    /// <summary>From low to high, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    public TimeSpan Between(TimeSpan low, TimeSpan high) =>
        new(low.Ticks + NextInt64(high.Ticks - low.Ticks + 1));

    public long NextInt64(long exclusiveBound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveBound, 1);
        // The high half of the product: no division, and a bias below 2^-32 for every bound used here.
        return (long)Math.BigMul(NextUInt64(), (ulong)exclusiveBound, out _);
    }

    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    /// <summary>An index, by weight.</summary>
    public int PickWeighted(ReadOnlySpan<int> weights)
    {
        int total = 0;
        foreach (int weight in weights)
        {
            total += weight;
        }

        int draw = Next(total);
        int index = 0;
        while (draw >= weights[index])
        {
            draw -= weights[index++];
        }

        return index;
    }

    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, NextUInt64());
            destination = destination[sizeof(ulong)..];
        }

        if (!destination.IsEmpty)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
            last[..destination.Length].CopyTo(destination);
        }
    }
}

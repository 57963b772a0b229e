namespace Cairn.Primitives.Erasure;

/// <summary>The low and the high half of every byte, or the tables for both.</summary>
internal readonly struct NibblePair<T>(T low, T high)
{
    public readonly T Low = low;
    public readonly T High = high;
}

namespace Cairn.Testing.Simulation.Disks;

/// <summary>A key and its value in an index table.</summary>
/// <remarks>A rotten row fails the store's checksum when read; only overwriting or removing helps.</remarks>
internal sealed record IndexRow(byte[] Key, byte[] Value, bool IsRotten = false)
{
    public static IComparer<IndexRow> ByKey { get; } =
        Comparer<IndexRow>.Create((left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
}

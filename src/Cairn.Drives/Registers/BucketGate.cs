using Cairn.Primitives.Ids;

namespace Cairn.Drives.Registers;

/// <summary>An order to a drive to take no more values into a bucket, or to take them again.</summary>
/// <remarks>
/// Orders come from several nodes and may come late. A drive carries out the last one by attempt, and within an attempt
/// the opening after the closing, whatever the order in which they reach it.
/// </remarks>
/// <param name="Bucket">The bucket.</param>
/// <param name="Attempt">The attempt at deleting the bucket that gives the order; its record counts them.</param>
/// <param name="IsClosed">Values are refused from now on; removals go on.</param>
public readonly record struct BucketGate(BucketId Bucket, ulong Attempt, bool IsClosed)
{
    /// <summary>Whether this order came before another one about the same bucket.</summary>
    public bool IsBefore(BucketGate other) =>
        Attempt < other.Attempt || (Attempt == other.Attempt && IsClosed && !other.IsClosed);
}

using Cairn.Objects.Buckets;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>What the store keeps about a bucket; its name is the register's name, its creation the value's birth.</summary>
internal sealed record BucketRecord
{
    public required BucketId Id { get; init; }

    public required BucketState State { get; init; }

    /// <summary>
    /// How often somebody has begun or taken over its deletion. Only the last one may end the bucket or open it again, and
    /// drives obey it before all others. 0: nobody has.
    /// </summary>
    public ulong Attempt { get; init; }

    public BucketVersioning Versioning { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];
}

using Cairn.Primitives.Ids;

namespace Cairn.Objects.Buckets;

/// <summary>A bucket and its settings.</summary>
public sealed record BucketDescription
{
    public required string Name { get; init; }

    public required BucketId Id { get; init; }

    public required DateTimeOffset Created { get; init; }

    public BucketVersioning Versioning { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];
}

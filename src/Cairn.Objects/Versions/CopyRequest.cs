using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>A server-side copy. The source was opened (and its conditions evaluated) by the caller.</summary>
public sealed record CopyRequest
{
    public required string SourceBucket { get; init; }

    public required string SourceKey { get; init; }

    /// <summary>Null: the current version.</summary>
    public VersionId? SourceVersion { get; init; }

    /// <summary>
    /// Destination; its Metadata and Tags count only where the directives say replace.
    /// </summary>
    public required PutRequest Destination { get; init; }

    public bool ReplaceMetadata { get; init; }

    public bool ReplaceTags { get; init; }

    /// <summary>A checksum algorithm to compute for the copy; null keeps the source's.</summary>
    public ChecksumAlgorithm? Checksum { get; init; }

    /// <summary>The version the caller evaluated its conditions on: another one in its place is a Conflict.</summary>
    public string? ExpectedSourceETag { get; init; }
}

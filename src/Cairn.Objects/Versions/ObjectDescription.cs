using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>Everything about one version but its bytes.</summary>
public sealed record ObjectDescription
{
    public required string Key { get; init; }

    /// <summary>Null for the null version.</summary>
    public required VersionId Version { get; init; }

    /// <summary>The bucket is or was versioned: the version id is worth showing.</summary>
    public bool IsVersioned { get; init; }

    /// <summary>The current version of its key. Only set by listings of versions.</summary>
    public bool IsLatest { get; init; }

    public bool IsDeleteMarker { get; init; }

    /// <summary>When the write began, from the version's birth ballot.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Without quotes: 32 hexadecimal digits, and -N for N parts.</summary>
    public string ETag { get; init; } = "";

    /// <summary>STANDARD or REDUCED_REDUNDANCY.</summary>
    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Stored headers verbatim, lower-case names: content-type, cache-control, ..., x-amz-meta-*.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    public ObjectChecksum? Checksum { get; init; }

    /// <summary>Number of parts of a multipart object; 0 for a single put.</summary>
    public int PartCount { get; init; }
}

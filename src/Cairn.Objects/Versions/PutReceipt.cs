using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>A version that is durable at its write quorum.</summary>
/// <param name="Version">Null for the null version.</param>
/// <param name="IsVersioned">The version id is worth showing (versioning is or was on).</param>
/// <param name="ETag">Without quotes.</param>
/// <param name="LastModified">The version's birth.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Checksum">Kept with the version.</param>
public sealed record PutReceipt(
    VersionId Version,
    bool IsVersioned,
    string ETag,
    DateTimeOffset LastModified,
    long Size,
    ObjectChecksum? Checksum);

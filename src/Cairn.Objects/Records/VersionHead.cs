namespace Cairn.Objects.Records;

/// <summary>The front of a version record: what listings and conditions need, decoded without the rest.</summary>
internal readonly record struct VersionHead(
    bool IsDeleteMarker, long Size, string StorageClass, ETag ETag, ObjectChecksum? Checksum);

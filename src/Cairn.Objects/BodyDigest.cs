namespace Cairn.Objects;

/// <summary>What a body turned out to be.</summary>
/// <param name="Md5">16 bytes; the ETag of a single put.</param>
/// <param name="Checksum">The checksum to keep with the object or part, if any.</param>
public sealed record BodyDigest(ReadOnlyMemory<byte> Md5, ObjectChecksum? Checksum);

namespace Cairn.Objects.Versions;

/// <summary>One part of a finished object or of an upload.</summary>
/// <param name="Number">1..10,000.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Hexadecimal MD5 without quotes.</param>
/// <param name="Checksum">The part's own checksum, if one was kept.</param>
/// <param name="LastModified">When it was uploaded.</param>
public sealed record ObjectPart(
    int Number, long Size, string ETag, ObjectChecksum? Checksum, DateTimeOffset LastModified);

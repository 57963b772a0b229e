namespace Cairn.Objects.Records;

/// <summary>One part in the part table of a multipart version; the piece at the same position holds its bytes.</summary>
/// <param name="Number">1..10,000.</param>
/// <param name="ETag">MD5 of its bytes.</param>
/// <param name="Checksum">As uploaded, if one was kept.</param>
/// <param name="UploadedMs">When it was uploaded, in Unix milliseconds.</param>
internal sealed record PartEntry(int Number, ETag ETag, ObjectChecksum? Checksum, long UploadedMs);

namespace Cairn.Objects.Multipart;

/// <summary>An unfinished upload.</summary>
/// <param name="Key">The object it will become.</param>
/// <param name="UploadId">Opaque, URL-safe.</param>
/// <param name="Initiated">When it began.</param>
/// <param name="StorageClass">STANDARD or REDUCED_REDUNDANCY.</param>
/// <param name="Checksum">Algorithm announced at creation.</param>
/// <param name="ChecksumType">Type announced or implied at creation.</param>
public sealed record UploadDescription(
    string Key,
    string UploadId,
    DateTimeOffset Initiated,
    string StorageClass,
    ChecksumAlgorithm? Checksum,
    ChecksumType? ChecksumType);

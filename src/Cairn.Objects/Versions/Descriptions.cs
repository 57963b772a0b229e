using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>Turns stored versions into what callers see.</summary>
internal static class Descriptions
{
    /// <summary>A row of a listing: decodes no more than the head.</summary>
    public static ObjectDescription OfRow(string key, RegisterValue value, in VersionHead head, bool isVersioned) => new()
    {
        Key = key,
        Version = value.Slot,
        IsVersioned = isVersioned,
        IsDeleteMarker = head.IsDeleteMarker,
        LastModified = value.Birth.Time,
        Size = head.Size,
        ETag = head.IsDeleteMarker ? "" : head.ETag.ToString(),
        StorageClass = head.StorageClass,
        Checksum = head.Checksum,
        PartCount = head.ETag.PartCount,
    };

    public static ObjectDescription Of(string key, RegisterValue value, VersionRecord record, bool isVersioned) => new()
    {
        Key = key,
        Version = value.Slot,
        IsVersioned = isVersioned,
        IsDeleteMarker = record.IsDeleteMarker,
        LastModified = value.Birth.Time,
        Size = record.Size,
        ETag = record.IsDeleteMarker ? "" : record.ETag.ToString(),
        StorageClass = record.StorageClass,
        Metadata = record.Metadata,
        Tags = record.Tags,
        Checksum = record.Checksum,
        PartCount = record.ETag.PartCount,
    };

    public static PutReceipt Receipt(RegisterValue value, VersionRecord record, bool isVersioned) => new(
        value.Slot, isVersioned, record.ETag.ToString(), value.Birth.Time, record.Size, record.Checksum);

    /// <summary>The bucket is or was versioned, so that version ids mean something to its clients.</summary>
    public static bool ShowsVersions(this BucketDescription bucket) => bucket.Versioning != BucketVersioning.Off;

    /// <summary>The slot of a new version: one of its own, or the null version's, which it then replaces.</summary>
    public static VersionId? NewSlot(this BucketDescription bucket) =>
        bucket.Versioning == BucketVersioning.Enabled ? null : VersionId.Null;
}

using Cairn.Objects.Buckets;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>Bucket records to bytes and back; docs/formats/records.md shows the layout.</summary>
internal static class BucketRecordCodec
{
    public const byte Format = 2;

    private const byte FormatWithoutAttempt = 1;

    public static byte[] Encode(BucketRecord record)
    {
        RecordWriter writer = new(stackalloc byte[256]);
        writer.Byte(record.Attempt == 0 ? FormatWithoutAttempt : Format);
        writer.Byte((byte)record.State);
        writer.UInt64(record.Id.Value);
        writer.Byte((byte)record.Versioning);
        writer.Pairs(record.Tags);
        if (record.Attempt != 0)
        {
            writer.UInt64(record.Attempt);
        }

        return writer.Detach();
    }

    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static BucketRecord Decode(ReadOnlySpan<byte> record)
    {
        RecordReader reader = new(record);
        byte format = reader.Format("bucket", Format);
        return new BucketRecord
        {
            State = (BucketState)reader.Byte(),
            Id = new BucketId(reader.UInt64()),
            Versioning = (BucketVersioning)reader.Byte(),
            Tags = reader.Pairs(),
            Attempt = format == FormatWithoutAttempt ? 0 : reader.UInt64(),
        };
    }
}

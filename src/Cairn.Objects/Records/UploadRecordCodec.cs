namespace Cairn.Objects.Records;

/// <summary>Upload records to bytes and back; docs/formats/records.md shows the layout.</summary>
internal static class UploadRecordCodec
{
    public const byte Format = 1;

    public static byte[] Encode(UploadRecord record)
    {
        RecordWriter writer = new(stackalloc byte[512]);
        writer.Byte(Format);
        writer.Byte((byte)record.State);
        StorageClassCodec.Write(ref writer, record.StorageClass);
        writer.Byte((byte)(record.Checksum ?? 0));
        writer.Byte((byte)(record.ChecksumType ?? 0));
        writer.Pairs(record.Metadata);
        writer.Pairs(record.Tags);
        if (record.State != UploadState.Open)
        {
            writer.Ballot(record.Attempt);
            writer.Byte(record.IsVersioned ? (byte)1 : (byte)0);
            writer.Number(record.DataShards);
        }

        return writer.Detach();
    }

    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static UploadRecord Decode(ReadOnlySpan<byte> record)
    {
        RecordReader reader = new(record);
        reader.Format("upload", Format);
        UploadRecord open = new()
        {
            State = (UploadState)reader.Byte(),
            StorageClass = StorageClassCodec.Read(ref reader),
            Checksum = (ChecksumAlgorithm)reader.Byte() is var algorithm && algorithm != 0 ? algorithm : null,
            ChecksumType = (ChecksumType)reader.Byte() is var type && type != 0 ? type : null,
            Metadata = reader.Pairs(),
            Tags = reader.Pairs(),
        };
        return open.State == UploadState.Open
            ? open
            : open with
            {
                Attempt = reader.Ballot(),
                IsVersioned = reader.Byte() != 0,
                DataShards = reader.Int32(),
            };
    }
}

using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>Version records to bytes and back; docs/formats/records.md shows the layout.</summary>
/// <remarks>
/// Invariants: the head comes first, so that a listing reads nothing behind it, and the part table last, so that
/// opening an object of ten thousand parts need not build it.
/// </remarks>
internal static class VersionRecordCodec
{
    public const byte Format = 1;

    private const string RecordName = "version";
    private const byte DeleteMarkerFlag = 1;
    private const byte MultipartFlag = 2;

    private static readonly byte[] DeleteMarkerBytes = EncodeDeleteMarker();

    public static byte[] Encode(VersionRecord record)
    {
        if (record.IsDeleteMarker)
        {
            return DeleteMarkerBytes;
        }

        bool isMultipart = record.ETag.PartCount > 0;
        Check.Invariant(record.Parts.Count == record.ETag.PartCount);
        Check.Invariant(!isMultipart || (record.Parts.Count == record.Pieces.Count && record.Upload is not null));
        RecordWriter writer = new(stackalloc byte[512]);
        writer.Byte(Format);
        writer.Byte(isMultipart ? MultipartFlag : (byte)0);
        writer.Number(record.Size);
        StorageClassCodec.Write(ref writer, record.StorageClass);
        writer.UInt128(record.ETag.Md5);
        if (isMultipart)
        {
            writer.Number(record.ETag.PartCount);
        }

        ChecksumCodec.Write(ref writer, record.Checksum);
        WriteTail(ref writer, record, isMultipart);
        return writer.Detach();
    }

    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static VersionHead DecodeHead(ReadOnlySpan<byte> record)
    {
        RecordReader reader = new(record);
        return ReadHead(ref reader);
    }

    /// <param name="value">A value of a register of an object.</param>
    /// <param name="withParts">Also the part table.</param>
    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static VersionRecord Decode(RegisterValue value, bool withParts)
    {
        RecordReader reader = new(value.Body.Span);
        VersionHead head = ReadHead(ref reader);
        if (head.IsDeleteMarker)
        {
            return VersionRecord.DeleteMarker;
        }

        DataPiece[] pieces = PieceCodec.ReadAll(ref reader, value.Data);
        IReadOnlyList<KeyValuePair<string, string>> metadata = reader.Pairs();
        IReadOnlyList<KeyValuePair<string, string>> tags = reader.Pairs();
        int partCount = head.ETag.PartCount;
        Ballot? upload = partCount > 0 ? reader.Ballot() : null;
        return new VersionRecord
        {
            Size = head.Size,
            StorageClass = head.StorageClass,
            ETag = head.ETag,
            Checksum = head.Checksum,
            Pieces = pieces,
            Metadata = metadata,
            Tags = tags,
            Upload = upload,
            Parts = withParts && partCount > 0 ? ReadParts(ref reader, partCount) : [],
        };
    }

    /// <summary>Reads how the version's data is cut; ids are left out.</summary>
    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static IReadOnlyList<DataPiece> DecodePieces(ReadOnlySpan<byte> record)
    {
        RecordReader reader = new(record);
        return ReadHead(ref reader).IsDeleteMarker ? [] : PieceCodec.ReadAll(ref reader, data: null);
    }

    private static byte[] EncodeDeleteMarker()
    {
        RecordWriter writer = new(stackalloc byte[8]);
        writer.Byte(Format);
        writer.Byte(DeleteMarkerFlag);
        return writer.Detach();
    }

    private static void WriteTail(ref RecordWriter writer, VersionRecord record, bool isMultipart)
    {
        PieceCodec.WriteAll(ref writer, record.Pieces);
        writer.Pairs(record.Metadata);
        writer.Pairs(record.Tags);
        if (!isMultipart)
        {
            return;
        }

        writer.Ballot(record.Upload!.Value);
        int previous = 0;
        for (int i = 0; i < record.Parts.Count; i++)
        {
            PartEntry part = record.Parts[i];
            Check.Invariant(part.Number > previous);
            writer.Number(part.Number - previous);
            previous = part.Number;
            writer.UInt128(part.ETag.Md5);
            writer.Number(part.UploadedMs);
            ChecksumCodec.Write(ref writer, part.Checksum);
        }
    }

    private static VersionHead ReadHead(ref RecordReader reader)
    {
        reader.Format(RecordName, Format);
        byte flags = reader.Byte();
        if ((flags & DeleteMarkerFlag) != 0)
        {
            return new VersionHead(true, 0, "STANDARD", default, null);
        }

        long size = reader.Number();
        string storageClass = StorageClassCodec.Read(ref reader);
        UInt128 md5 = reader.UInt128();
        int partCount = (flags & MultipartFlag) != 0 ? reader.Count() : 0;
        ETag etag = new(md5, partCount);
        return new VersionHead(false, size, storageClass, etag, ChecksumCodec.Read(ref reader));
    }

    private static PartEntry[] ReadParts(ref RecordReader reader, int count)
    {
        PartEntry[] parts = new PartEntry[count];
        int number = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            number = checked(number + reader.Int32());
            ETag etag = new(reader.UInt128(), 0);
            long uploadedMs = reader.Number();
            parts[i] = new PartEntry(number, etag, ChecksumCodec.Read(ref reader), uploadedMs);
        }

        return parts;
    }
}

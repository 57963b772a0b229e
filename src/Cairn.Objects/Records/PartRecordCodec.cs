using Cairn.Objects.Commit;

namespace Cairn.Objects.Records;

/// <summary>Part records to bytes and back; docs/formats/records.md shows the layout.</summary>
internal static class PartRecordCodec
{
    public const byte Format = 1;

    public static byte[] Encode(PartRecord record)
    {
        RecordWriter writer = new(stackalloc byte[128]);
        writer.Byte(Format);
        writer.UInt128(record.ETag.Md5);
        PieceCodec.Write(ref writer, record.Piece);
        ChecksumCodec.Write(ref writer, record.Checksum);
        return writer.Detach();
    }

    /// <param name="value">A value of a register of a part.</param>
    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static PartRecord Decode(RegisterValue value)
    {
        if (value.Data.Count != 1)
        {
            throw RecordFormatException.Malformed($"a part has one piece of data, its entry names {value.Data.Count}");
        }

        RecordReader reader = new(value.Body.Span);
        reader.Format("part", Format);
        ETag etag = new(reader.UInt128(), 0);
        return new PartRecord(etag, PieceCodec.Read(ref reader, value.Data[0]), ChecksumCodec.Read(ref reader));
    }
}

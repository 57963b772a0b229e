using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Primitives.Ids;

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

    /// <summary>Reads how the part's data is cut; the id is left out.</summary>
    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static DataPiece DecodePiece(ReadOnlySpan<byte> record) => Decode(record, default).Piece;

    /// <param name="value">A value of a register of a part.</param>
    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static PartRecord Decode(RegisterValue value)
    {
        if (value.Data.Count != 1)
        {
            throw RecordFormatException.Malformed($"a part has one piece of data, its entry names {value.Data.Count}");
        }

        return Decode(value.Body.Span, value.Data[0]);
    }

    private static PartRecord Decode(ReadOnlySpan<byte> record, DataId id)
    {
        RecordReader reader = new(record);
        reader.Format("part", Format);
        ETag etag = new(reader.UInt128(), 0);
        return new PartRecord(etag, PieceCodec.Read(ref reader, id), ChecksumCodec.Read(ref reader));
    }
}

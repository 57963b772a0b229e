using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>Upload records to bytes and back; docs/formats/records.md shows the layout.</summary>
internal static class UploadRecordCodec
{
    public const byte Format = 1;

    /// <summary>Without the ids of the attempt's data, which are in the register's entry.</summary>
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
            PieceCodec.WriteAll(ref writer, record.Pieces);
        }

        return writer.Detach();
    }

    /// <exception cref="RecordFormatException">Written by a newer release, or malformed.</exception>
    public static UploadRecord Decode(RegisterValue value) => Decode(value.Body.Span, value.Data);

    /// <summary>Reads how the attempt's data is cut; ids are left out.</summary>
    public static IReadOnlyList<DataPiece> DecodePieces(ReadOnlySpan<byte> record) => Decode(record, data: null).Pieces;

    private static UploadRecord Decode(ReadOnlySpan<byte> record, IReadOnlyList<DataId>? data)
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
                Pieces = PieceCodec.ReadAll(ref reader, data),
            };
    }
}

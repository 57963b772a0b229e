using Cairn.Objects.Data;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>A piece of data: size, k, m. Its id is not in the record: the register's entry lists ids in the same order.</summary>
internal static class PieceCodec
{
    public static void Write(ref RecordWriter writer, DataPiece piece)
    {
        writer.Number(piece.Size);
        writer.Byte(piece.Code.DataShards);
        writer.Byte(piece.Code.ParityShards);
    }

    public static DataPiece Read(ref RecordReader reader, DataId id)
    {
        long size = reader.Number();
        byte dataShards = reader.Byte();
        return new DataPiece(id, size, new ErasureCode(dataShards, reader.Byte()));
    }
}

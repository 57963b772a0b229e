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

    /// <summary>Count, then the pieces.</summary>
    public static void WriteAll(ref RecordWriter writer, IReadOnlyList<DataPiece> pieces)
    {
        writer.Number(pieces.Count);
        for (int i = 0; i < pieces.Count; i++)
        {
            Write(ref writer, pieces[i]);
        }
    }

    /// <param name="reader">At the count.</param>
    /// <param name="data">The entry's data ids, one for each piece; null: the pieces are read without ids.</param>
    public static DataPiece[] ReadAll(ref RecordReader reader, IReadOnlyList<DataId>? data)
    {
        int count = reader.Count();
        if (data is not null && data.Count != count)
        {
            throw RecordFormatException.Malformed($"it describes {count} pieces of data, its entry names {data.Count}");
        }

        DataPiece[] pieces = new DataPiece[count];
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = Read(ref reader, data is null ? default : data[i]);
        }

        return pieces;
    }
}

using System.Buffers.Binary;
using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Primitives.Ids;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>Bodies for tests: the number of pieces, the pieces, then text.</summary>
internal sealed class PlainRecords : IRecordPieces
{
    private const int PieceSize = DataId.Size + sizeof(long) + 2;

    public static byte[] Encode(string text, params IReadOnlyList<DataPiece> pieces)
    {
        byte[] body = new byte[1 + (pieces.Count * PieceSize) + text.Length];
        body[0] = (byte)pieces.Count;
        for (int index = 0; index < pieces.Count; index++)
        {
            Span<byte> piece = body.AsSpan(1 + (index * PieceSize));
            pieces[index].Id.Write(piece);
            BinaryPrimitives.WriteInt64BigEndian(piece[DataId.Size..], pieces[index].Size);
            piece[PieceSize - 2] = pieces[index].Code.DataShards;
            piece[PieceSize - 1] = pieces[index].Code.ParityShards;
        }

        System.Text.Encoding.ASCII.GetBytes(text, body.AsSpan(1 + (pieces.Count * PieceSize)));
        return body;
    }

    public static string TextOf(ReadOnlyMemory<byte> body) =>
        System.Text.Encoding.ASCII.GetString(body.Span[(1 + (body.Span[0] * PieceSize))..]);

    /// <summary>Without ids, as the real records.</summary>
    public IReadOnlyList<DataPiece> GetPieces(RegisterSpace space, ReadOnlyMemory<byte> body) =>
        [.. PiecesOf(body).Select(piece => piece with { Id = default })];

    public static IReadOnlyList<DataPiece> PiecesOf(ReadOnlyMemory<byte> body)
    {
        List<DataPiece> pieces = [];
        for (int index = 0; index < body.Span[0]; index++)
        {
            ReadOnlySpan<byte> piece = body.Span[(1 + (index * PieceSize))..];
            pieces.Add(new DataPiece(
                DataId.Read(piece),
                BinaryPrimitives.ReadInt64BigEndian(piece[DataId.Size..]),
                new ErasureCode(piece[PieceSize - 2], piece[PieceSize - 1])));
        }

        return pieces;
    }
}

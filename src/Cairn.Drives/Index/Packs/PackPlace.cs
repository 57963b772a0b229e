using System.Buffers.Binary;

namespace Cairn.Drives.Index.Packs;

/// <summary>Where a value lies that is in a pack instead of its row.</summary>
/// <param name="Pack">Number of the file.</param>
/// <param name="Offset">Of the value in it, in bytes.</param>
/// <param name="Length">Of the value, in bytes.</param>
internal readonly record struct PackPlace(long Pack, long Offset, int Length)
{
    // No row begins like this: they begin with the version of their layout.
    private const byte Mark = 0x80;
    private const int OffsetStart = 9;
    private const int LengthStart = 17;
    private const int Size = 21;

    /// <returns>False when this is a value and not the place of one.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> row, out PackPlace place)
    {
        bool isPlace = row.Length == Size && row[0] == Mark;
        place = !isPlace ? default : new PackPlace(
            BinaryPrimitives.ReadInt64LittleEndian(row[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(row[OffsetStart..]),
            BinaryPrimitives.ReadInt32LittleEndian(row[LengthStart..]));
        return isPlace;
    }

    public byte[] Encode()
    {
        byte[] row = new byte[Size];
        row[0] = Mark;
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(1), Pack);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(OffsetStart), Offset);
        BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(LengthStart), Length);
        return row;
    }
}

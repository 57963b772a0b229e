using System.Buffers.Binary;
using Cairn.Drives.Records;

namespace Cairn.Drives.Index.Packs;

/// <summary>The row about one pack: how long it is, and how many bytes of it rows still point to.</summary>
/// <remarks>
/// It is in Shards, beside the rows with the places: what one family has made durable is as of one moment, so no row
/// points behind the length that is known of a pack. No data id is as short as its key.
/// </remarks>
internal static class PackRow
{
    private const byte Layout = 1;
    private const int Size = 17 + RowSeal.Size;

    private static ReadOnlySpan<byte> Prefix => "pack"u8;

    public static byte[] Lower => Prefix.ToArray();

    public static byte[] Upper => "pacl"u8.ToArray();

    public static byte[] Key(long pack)
    {
        byte[] key = new byte[Prefix.Length + sizeof(long)];
        Prefix.CopyTo(key);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(Prefix.Length), pack);
        return key;
    }

    public static bool IsKey(ReadOnlySpan<byte> key) =>
        key.Length == Prefix.Length + sizeof(long) && key.StartsWith(Prefix);

    public static long PackOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key[Prefix.Length..]);

    public static byte[] Encode(byte[] key, long length, long live)
    {
        byte[] row = new byte[Size];
        row[0] = Layout;
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(1), length);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(1 + sizeof(long)), live);
        RowSeal.Write(IndexFamily.Shards, key, row);
        return row;
    }

    /// <exception cref="Os.DriveIoException">Corrupt, or written by a newer release.</exception>
    public static (long Length, long Live) Decode(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.Shards, key, row));
        reader.ExpectVersion(Layout);
        return (BinaryPrimitives.ReadInt64LittleEndian(reader.Bytes(sizeof(long)).Span),
            BinaryPrimitives.ReadInt64LittleEndian(reader.Bytes(sizeof(long)).Span));
    }
}

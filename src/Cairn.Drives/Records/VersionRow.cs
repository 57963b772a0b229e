using System.Buffers.Binary;
using Cairn.Drives.Index;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Records;

/// <summary>A row of Versions: a committed entry that is neither current nor in dispute.</summary>
/// <remarks>
/// Key: register key, NUL, birth ballot with all bits inverted, so that a register's versions lie together, newest
/// first. The end of the key has a fixed size, so names that hold NUL are told apart by length.
/// </remarks>
internal static class VersionRow
{
    private const byte Layout = 1;
    private const int SuffixSize = 1 + Ballot.Size;

    public static byte[] Key(RegisterKey register, Ballot birth)
    {
        ReadOnlySpan<byte> encoded = register.Encoded.Span;
        byte[] key = new byte[encoded.Length + SuffixSize];
        encoded.CopyTo(key);
        Span<byte> suffix = key.AsSpan(encoded.Length + 1);
        BinaryPrimitives.WriteUInt64BigEndian(suffix, ~birth.Clock);
        BinaryPrimitives.WriteUInt64BigEndian(suffix[8..], ~birth.Incarnation);
        return key;
    }

    /// <summary>Just above the keys of all versions of a register.</summary>
    public static byte[] UpperBound(ReadOnlySpan<byte> register)
    {
        byte[] key = new byte[register.Length + 1];
        register.CopyTo(key);
        key[^1] = 1;
        return key;
    }

    /// <summary>Whether the key belongs to that register and not to one whose name goes on behind a NUL.</summary>
    public static bool IsOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> register) =>
        key.Length == register.Length + SuffixSize && key.StartsWith(register) && key[register.Length] == 0;

    public static ReadOnlySpan<byte> RegisterOf(ReadOnlySpan<byte> key) => key[..^SuffixSize];

    public static Ballot BirthOf(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> suffix = key[^Ballot.Size..];
        return new Ballot(
            ~BinaryPrimitives.ReadUInt64BigEndian(suffix), ~BinaryPrimitives.ReadUInt64BigEndian(suffix[8..]));
    }

    public static byte[] Encode(ReadOnlySpan<byte> key, StoredEntry entry)
    {
        byte[] row = new byte[1 + entry.EncodedSize + RowSeal.Size];
        RowWriter writer = new(row);
        writer.Byte(Layout);
        entry.Write(ref writer);
        RowSeal.Write(IndexFamily.Versions, key, row);
        return row;
    }

    /// <exception cref="Os.DriveIoException">Corrupt, or written by a newer release.</exception>
    public static StoredEntry Decode(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row)
    {
        RowReader reader = new(RowSeal.Open(IndexFamily.Versions, key, row));
        reader.ExpectVersion(Layout);
        return StoredEntry.Read(ref reader);
    }
}

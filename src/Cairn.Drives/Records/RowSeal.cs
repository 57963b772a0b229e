using System.Buffers.Binary;
using Cairn.Drives.Os;
using Cairn.Primitives.Checksums;

namespace Cairn.Drives.Records;

/// <summary>The checksum at the end of every row of the index.</summary>
/// <remarks>
/// Purpose: RocksDB checks its blocks, but not what was handed to it nor what it hands back; and a row found under
/// another key than its own must not pass. So the checksum covers the family, the key and the content.
/// </remarks>
internal static class RowSeal
{
    public const int Size = Crc64Nvme.DigestSize;

    /// <summary>Writes the checksum of all but the last eight bytes into these.</summary>
    public static void Write(Index.IndexFamily family, ReadOnlySpan<byte> key, Span<byte> row) =>
        BinaryPrimitives.WriteUInt64LittleEndian(row[^Size..], Compute(family, key, row[..^Size]));

    /// <summary>The row without its checksum.</summary>
    /// <exception cref="DriveIoException">Corrupt.</exception>
    public static ReadOnlyMemory<byte> Open(
        Index.IndexFamily family, ReadOnlySpan<byte> key, ReadOnlyMemory<byte> row) =>
        IsIntact(family, key, row.Span)
            ? row[..^Size]
            : throw new DriveIoException(DriveFault.Corrupt, $"A row of {family} fails its checksum.");

    public static bool IsIntact(Index.IndexFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> row) =>
        row.Length > Size
        && BinaryPrimitives.ReadUInt64LittleEndian(row[^Size..]) == Compute(family, key, row[..^Size]);

    private static ulong Compute(Index.IndexFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        Crc64Nvme checksum = default;
        checksum.Append([(byte)family]);
        checksum.Append(key);
        checksum.Append(content);
        return checksum.Value;
    }
}

using System.Buffers.Binary;
using Cairn.Primitives.Checksums;

namespace Cairn.Drives.Index.Packs;

/// <summary>What stands before each value of a pack, so that a pack can be walked without the index.</summary>
/// <remarks>
/// Layout, numbers little-endian: length of the key (2), length of the value (4), CRC-32C of these and the key (4), key,
/// value. The value has no checksum here: rows carry their own.
/// </remarks>
internal static class PackEntry
{
    public const int FixedSize = 10;

    private const int ValueLengthStart = 2;
    private const int ChecksumStart = 6;

    public static byte[] EncodeHeader(ReadOnlySpan<byte> key, int valueLength)
    {
        byte[] header = new byte[FixedSize + key.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(header, checked((ushort)key.Length));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(ValueLengthStart), valueLength);
        key.CopyTo(header.AsSpan(FixedSize));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(ChecksumStart), Checksum(header));
        return header;
    }

    /// <param name="bytes">From the beginning of the entry, at least its header.</param>
    /// <param name="keyLength">Bytes of the key.</param>
    /// <param name="valueLength">Bytes of the value.</param>
    /// <returns>False when there is no entry, or a damaged one.</returns>
    public static bool TryDecodeHeader(ReadOnlySpan<byte> bytes, out int keyLength, out int valueLength)
    {
        keyLength = 0;
        valueLength = 0;
        if (bytes.Length < FixedSize)
        {
            return false;
        }

        keyLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        valueLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[ValueLengthStart..]);
        return bytes.Length >= FixedSize + keyLength
            && valueLength >= 0
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumStart..]) == Checksum(bytes[..(FixedSize + keyLength)]);
    }

    private static uint Checksum(ReadOnlySpan<byte> header)
    {
        Crc32C checksum = default;
        checksum.Append(header[..ChecksumStart]);
        checksum.Append(header[FixedSize..]);
        return checksum.Value;
    }
}

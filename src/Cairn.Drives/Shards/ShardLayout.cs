using System.Buffers.Binary;
using Cairn.Drives.Os;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>The bytes of a shard file: a header, then chunks that are each followed by a checksum.</summary>
/// <remarks>
/// Purpose: every byte is under a checksum, and a chunk is only right in its own file and at its own place: the
/// checksum starts from the data id and the chunk's number.
/// Layout: "cairnshd" (8), version (1), zero (7), data id (16), checksum of the header (8); then chunks of 64 KiB, the
/// last one shorter, each with CRC-64/NVME (8, little endian). A shard without bytes has no chunk.
/// The length of a shard is in its row of the index; a file of another length is corrupt.
/// </remarks>
internal static class ShardLayout
{
    public const int ChunkSize = 64 << 10;
    public const int ChecksumSize = Crc64Nvme.DigestSize;
    public const int FrameSize = ChunkSize + ChecksumSize;
    public const int HeaderSize = 40;
    private const byte Layout = 1;
    private const int ChecksummedHeaderSize = HeaderSize - ChecksumSize;

    private static ReadOnlySpan<byte> Magic => "cairnshd"u8;

    /// <summary>Bytes of the file of a shard.</summary>
    public static long FileSize(long shardLength) => HeaderSize + shardLength + ChunkCount(shardLength) * ChecksumSize;

    public static long ChunkCount(long shardLength) => (shardLength + ChunkSize - 1) / ChunkSize;

    public static void WriteHeader(DataId data, Span<byte> header)
    {
        header[..HeaderSize].Clear();
        Magic.CopyTo(header);
        header[8] = Layout;
        data.Write(header[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(
            header[ChecksummedHeaderSize..], Crc64Nvme.Compute(header[..ChecksummedHeaderSize]));
    }

    /// <exception cref="DriveIoException">Corrupt, or written by a newer release.</exception>
    public static void CheckHeader(DataId data, ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderSize
            || !header.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt64LittleEndian(header[ChecksummedHeaderSize..])
                != Crc64Nvme.Compute(header[..ChecksummedHeaderSize]))
        {
            throw new DriveIoException(DriveFault.Corrupt, $"The header of shard {data} is damaged.");
        }

        if (header[8] != Layout)
        {
            throw new DriveIoException(
                DriveFault.NewerFormat, $"Shard {data} has layout {header[8]}; this program reads up to {Layout}.");
        }

        if (DataId.Read(header[16..]) != data)
        {
            throw new DriveIoException(DriveFault.Corrupt, $"The file of shard {data} holds another shard.");
        }
    }

    public static void WriteChecksum(DataId data, long chunk, ReadOnlySpan<byte> content, Span<byte> target) =>
        BinaryPrimitives.WriteUInt64LittleEndian(target, Checksum(data, chunk, content));

    public static bool IsIntact(DataId data, long chunk, ReadOnlySpan<byte> frame) =>
        frame.Length > ChecksumSize
        && BinaryPrimitives.ReadUInt64LittleEndian(frame[^ChecksumSize..])
            == Checksum(data, chunk, frame[..^ChecksumSize]);

    private static ulong Checksum(DataId data, long chunk, ReadOnlySpan<byte> content)
    {
        Span<byte> place = stackalloc byte[DataId.Size + sizeof(long)];
        data.Write(place);
        BinaryPrimitives.WriteInt64LittleEndian(place[DataId.Size..], chunk);
        Crc64Nvme checksum = default;
        checksum.Append(place);
        checksum.Append(content);
        return checksum.Value;
    }
}

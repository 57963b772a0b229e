using System.Buffers.Binary;
using Cairn.Drives.Records;
using Cairn.Primitives.Checksums;

namespace Cairn.Drives.Index.Log;

/// <summary>A batch as it lies in the log.</summary>
/// <remarks>
/// Layout: "cairnlog" (8), sequence (8), length of the payload (4), CRC-32C of these 20 bytes (4), CRC-64/NVME of the
/// payload (8); then per change the family (1, high bit: removed), length of the key, key and, unless removed, length of
/// the value and value. Numbers are little-endian, lengths base 128.
/// The header has a checksum of its own: whoever believes a damaged length takes the end of the log to be here.
/// </remarks>
internal readonly record struct LogRecord(long Sequence, int PayloadLength, ulong PayloadChecksum)
{
    public const int HeaderSize = 32;

    private const int SequenceOffset = 8;
    private const int LengthOffset = 16;
    private const int HeaderChecksumOffset = 20;
    private const int PayloadChecksumOffset = 24;
    private const byte RemovedFlag = 0x80;

    public static ReadOnlySpan<byte> Magic => "cairnlog"u8;

    /// <summary>Bytes of the record of a batch, header and all.</summary>
    public static int SizeOf(IndexBatch batch)
    {
        long size = HeaderSize;
        foreach (IndexChange change in batch.Changes)
        {
            size += 1 + SizeOf(change.Key) + (change.IsDelete ? 0 : SizeOf(change.Value));
        }

        return checked((int)size);
    }

    /// <param name="batch">What is written.</param>
    /// <param name="sequence">One more than that of the record before.</param>
    /// <param name="record">Of the size that <see cref="SizeOf(IndexBatch)"/> says.</param>
    public static void Encode(IndexBatch batch, long sequence, Span<byte> record)
    {
        RowWriter payload = new(record[HeaderSize..]);
        foreach (IndexChange change in batch.Changes)
        {
            payload.Byte((byte)((byte)change.Family | (change.IsDelete ? RemovedFlag : 0)));
            payload.Number(change.Key.Length);
            payload.Bytes(change.Key.Span);
            if (!change.IsDelete)
            {
                payload.Number(change.Value.Length);
                payload.Bytes(change.Value.Span);
            }
        }

        Magic.CopyTo(record);
        BinaryPrimitives.WriteInt64LittleEndian(record[SequenceOffset..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(record[LengthOffset..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(
            record[HeaderChecksumOffset..], Crc32C.Compute(record[..HeaderChecksumOffset]));
        BinaryPrimitives.WriteUInt64LittleEndian(
            record[PayloadChecksumOffset..], Crc64Nvme.Compute(record.Slice(HeaderSize, payload.Length)));
    }

    /// <returns>False when these bytes are no header.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out LogRecord record)
    {
        record = default;
        if (bytes.Length < HeaderSize
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeaderChecksumOffset..])
                != Crc32C.Compute(bytes[..HeaderChecksumOffset]))
        {
            return false;
        }

        record = new LogRecord(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[SequenceOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[PayloadChecksumOffset..]));
        return true;
    }

    public bool IsIntact(ReadOnlySpan<byte> payload) =>
        payload.Length == PayloadLength && Crc64Nvme.Compute(payload) == PayloadChecksum;

    /// <summary>The changes of an intact payload, in order; keys and values are slices of it.</summary>
    public static IEnumerable<IndexChange> Decode(ReadOnlyMemory<byte> payload)
    {
        int offset = 0;
        while (offset < payload.Length)
        {
            yield return DecodeChange(payload, ref offset);
        }
    }

    private static IndexChange DecodeChange(ReadOnlyMemory<byte> payload, ref int offset)
    {
        RowReader reader = new(payload[offset..]);
        byte kind = reader.Byte();
        ReadOnlyMemory<byte> key = reader.Bytes(reader.Count());
        bool isRemoved = (kind & RemovedFlag) != 0;
        ReadOnlyMemory<byte> value = isRemoved ? default : reader.Bytes(reader.Count());
        offset += reader.Offset;
        return new IndexChange((IndexFamily)(kind & ~RemovedFlag), key, value, isRemoved);
    }

    private static long SizeOf(ReadOnlyMemory<byte> bytes) => RowWriter.SizeOfNumber(bytes.Length) + bytes.Length;
}

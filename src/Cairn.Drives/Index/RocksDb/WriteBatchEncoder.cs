using System.Buffers;
using System.Buffers.Binary;

namespace Cairn.Drives.Index.RocksDb;

/// <summary>Writes a batch in the form in which RocksDB itself keeps it.</summary>
/// <remarks>
/// Purpose: one call into the library for a whole batch instead of one for each change.
/// Layout (write_batch.cc, unchanged since 2013 because logs are made of it): sequence (8, zero), count (4, little
/// endian), then per change a tag, the family, the length-prefixed key and, unless a deletion, value. Lengths and
/// families are 32-bit varints; changes to the default family have tags of their own and no family.
/// Concurrency: one writer.
/// </remarks>
internal sealed class WriteBatchEncoder(ReadOnlyMemory<uint> familyIds)
{
    private const int HeaderSize = 12;
    private const byte DeleteTag = 0x0;
    private const byte PutTag = 0x1;
    private const byte FamilyDeleteTag = 0x4;
    private const byte FamilyPutTag = 0x5;

    private readonly ArrayBufferWriter<byte> _writer = new(64 << 10);

    /// <summary>The encoded changes, valid until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(IReadOnlyList<IndexChange> changes)
    {
        _writer.ResetWrittenCount();
        Span<byte> header = _writer.GetSpan(HeaderSize)[..HeaderSize];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(long)..], changes.Count);
        _writer.Advance(HeaderSize);
        foreach (IndexChange change in changes)
        {
            Append(change);
        }

        return _writer.WrittenMemory;
    }

    private void Append(in IndexChange change)
    {
        uint family = familyIds.Span[(int)change.Family];
        if (family == 0)
        {
            AppendByte(change.IsDelete ? DeleteTag : PutTag);
        }
        else
        {
            AppendByte(change.IsDelete ? FamilyDeleteTag : FamilyPutTag);
            AppendNumber(family);
        }

        AppendBytes(change.Key.Span);
        if (!change.IsDelete)
        {
            AppendBytes(change.Value.Span);
        }
    }

    private void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        AppendNumber((uint)bytes.Length);
        _writer.Write(bytes);
    }

    private void AppendNumber(uint value)
    {
        while (value >= 0x80)
        {
            AppendByte((byte)(value & 0x7f | 0x80));
            value >>= 7;
        }

        AppendByte((byte)value);
    }

    private void AppendByte(byte value)
    {
        _writer.GetSpan(1)[0] = value;
        _writer.Advance(1);
    }
}

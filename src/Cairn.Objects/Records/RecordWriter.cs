using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Records;

/// <summary>Builds a record's bytes in scratch memory and hands out one array of the exact size.</summary>
/// <remarks>Call Detach exactly once, or Dispose when an exception is on its way.</remarks>
internal ref struct RecordWriter(Span<byte> scratch)
{
    private Span<byte> _buffer = scratch;
    private byte[]? _rented;
    private int _length;

    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Unsigned LEB128: seven bits a byte, lowest first.</summary>
    public void Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ulong rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)((rest & 0x7F) | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(sizeof(ulong)), value);

    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Take(16), value);

    public void Ballot(Ballot value) => value.Write(Take(Primitives.Ids.Ballot.Size));

    /// <summary>Bytes whose length the reader knows.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Length, then UTF-8.</summary>
    public void Text(string value)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        Number(size);
        Encoding.UTF8.GetBytes(value, Take(size));
    }

    public void Pairs(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        Number(pairs.Count);
        for (int i = 0; i < pairs.Count; i++)
        {
            Text(pairs[i].Key);
            Text(pairs[i].Value);
        }
    }

    /// <summary>The record; the writer is empty afterwards.</summary>
    public byte[] Detach()
    {
        byte[] record = _buffer[.._length].ToArray();
        Dispose();
        return record;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        this = default;
    }

    private Span<byte> Take(int size)
    {
        if (_buffer.Length - _length < size)
        {
            Grow(size);
        }

        Span<byte> run = _buffer.Slice(_length, size);
        _length += size;
        return run;
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + size));
        _buffer[.._length].CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = larger;
        _buffer = larger;
    }
}

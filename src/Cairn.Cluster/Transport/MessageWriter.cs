using System.Buffers.Binary;
using System.Text;

namespace Cairn.Cluster.Transport;

/// <summary>Puts fields behind the payload of a frame.</summary>
public readonly struct MessageWriter(Frame frame)
{
    private const int MaxNumberSize = 10;

    public int Length => frame.PayloadLength;

    public void Byte(byte value)
    {
        frame.Reserve(1).Span[0] = value;
        frame.Advance(1);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Number(ulong value)
    {
        Span<byte> target = frame.Reserve(MaxNumberSize).Span;
        int size = 0;
        while (value >= 0x80)
        {
            target[size++] = (byte)(value & 0x7f | 0x80);
            value >>= 7;
        }

        target[size++] = (byte)value;
        frame.Advance(size);
    }

    /// <summary>A length or a count: not negative.</summary>
    public void Count(long value) => Number(checked((ulong)value));

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame.Reserve(sizeof(ulong)).Span, value);
        frame.Advance(sizeof(ulong));
    }

    public void Uuid(Guid value)
    {
        value.TryWriteBytes(frame.Reserve(16).Span, bigEndian: true, out int written);
        frame.Advance(written);
    }

    /// <summary>Length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        Raw(value);
    }

    /// <summary>The bytes alone: the reader knows how many.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(frame.Reserve(value.Length).Span);
        frame.Advance(value.Length);
    }

    public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));
}

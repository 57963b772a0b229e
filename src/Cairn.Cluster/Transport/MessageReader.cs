using System.Buffers.Binary;
using System.Text;

namespace Cairn.Cluster.Transport;

/// <summary>Takes fields off the front of a payload. Fields of bytes are slices of it, not copies.</summary>
/// <remarks>Failure: whatever is wrong with the payload ends in a MessageFormatException, and costs no more memory than
/// the payload's own size.</remarks>
public ref struct MessageReader(ReadOnlyMemory<byte> payload)
{
    private readonly ReadOnlyMemory<byte> _payload = payload;
    private int _offset;

    public readonly int Remaining => _payload.Length - _offset;

    public byte Byte() => Raw(1).Span[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new MessageFormatException($"A flag is {other}."),
    };

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new MessageFormatException("A number has more than 64 bits.");
    }

    /// <summary>A length or an offset in bytes.</summary>
    public long Size()
    {
        ulong value = Number();
        return value <= long.MaxValue ? (long)value : throw new MessageFormatException($"A size is {value}.");
    }

    public int Number32()
    {
        ulong value = Number();
        return value <= int.MaxValue ? (int)value : throw new MessageFormatException($"A number is {value}.");
    }

    /// <summary>How many elements follow, each of at least so many bytes: what cannot be there is not allocated.</summary>
    public int Count(int elementSize)
    {
        ulong count = Number();
        return count <= (ulong)(Remaining / elementSize)
            ? (int)count
            : throw new MessageFormatException($"{count} elements are announced in {Remaining} bytes.");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(sizeof(ulong)).Span);

    public Guid Uuid() => new(Raw(16).Span, bigEndian: true);

    public ReadOnlyMemory<byte> Bytes() => Raw(Count(1));

    public ReadOnlyMemory<byte> Raw(int length)
    {
        if (length > Remaining)
        {
            throw new MessageFormatException($"A message ends {length - Remaining} bytes too early.");
        }

        ReadOnlyMemory<byte> bytes = _payload.Slice(_offset, length);
        _offset += length;
        return bytes;
    }

    public ReadOnlyMemory<byte> Rest() => Raw(Remaining);

    /// <param name="maxBytes">Longer ones are refused.</param>
    public string Text(int maxBytes)
    {
        ReadOnlyMemory<byte> bytes = Bytes();
        return bytes.Length <= maxBytes
            ? Encoding.UTF8.GetString(bytes.Span)
            : throw new MessageFormatException($"A text has {bytes.Length} bytes; at most {maxBytes}.");
    }

    /// <summary>Nothing may follow: what this release does not know, an older version's message does not hold.</summary>
    public readonly void End()
    {
        if (Remaining != 0)
        {
            throw new MessageFormatException($"{Remaining} bytes follow the end of a message.");
        }
    }
}

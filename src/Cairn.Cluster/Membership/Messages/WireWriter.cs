using System.Buffers.Binary;
using System.Text;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Messages;

/// <summary>Writes fields of a message into a caller's buffer, which is large enough for all that validation lets through.</summary>
internal ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);

    /// <summary>Unsigned LEB128: seven bits a byte, lowest first.</summary>
    public void Number(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            Byte((byte)((value & 0x7F) | 0x80));
        }

        Byte((byte)value);
    }

    public void Node(NodeId node) => node.Write(Reserve(NodeId.Size));

    public void Cluster(Guid cluster) => cluster.TryWriteBytes(Reserve(NodeId.Size), bigEndian: true, out _);

    /// <summary>One byte of length, then UTF-8.</summary>
    public void Text(string text)
    {
        int size = Encoding.UTF8.GetByteCount(text);
        Check.Invariant(size <= MembershipLimits.MaxTextBytes);
        Byte((byte)size);
        Encoding.UTF8.GetBytes(text, Reserve(size));
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    private Span<byte> Reserve(int size)
    {
        Span<byte> field = _buffer.Slice(Length, size);
        Length += size;
        return field;
    }
}

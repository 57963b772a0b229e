using System.Buffers.Binary;
using System.Text;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership.Messages;

/// <summary>Takes a message apart, front to back.</summary>
/// <remarks>
/// Failure: the first field that is not there or makes no sense breaks the reader; from then on it hands out zeros. The
/// caller looks once, at the end: a flood of garbage then costs no exceptions. Nothing is allocated for a length that
/// the message does not have.
/// </remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private ReadOnlySpan<byte> _rest = message;

    public bool IsBroken { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public void Break()
    {
        IsBroken = true;
        _rest = [];
    }

    public byte Byte() => Take(1) is [byte value] ? value : (byte)0;

    public ulong UInt64() =>
        Take(sizeof(ulong)) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt64BigEndian(field) : 0;

    public long Int64() =>
        Take(sizeof(long)) is { IsEmpty: false } field ? BinaryPrimitives.ReadInt64BigEndian(field) : 0;

    /// <summary>Unsigned LEB128, in its shortest form only: one value has one encoding.</summary>
    public ulong Number(ulong most)
    {
        ulong value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                if (value > most || (next == 0 && shift > 0))
                {
                    break;
                }

                return value;
            }
        }

        Break();
        return 0;
    }

    public NodeId Node() => Take(NodeId.Size) is { IsEmpty: false } field ? NodeId.Read(field) : default;

    public Guid Cluster() => Take(NodeId.Size) is { IsEmpty: false } field ? new Guid(field, bigEndian: true) : default;

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Take(Byte());
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            Break();
            return "";
        }

        return Strict.GetString(bytes);
    }

    public ReadOnlySpan<byte> Take(int size)
    {
        if (size > _rest.Length)
        {
            Break();
            return [];
        }

        ReadOnlySpan<byte> field = _rest[..size];
        _rest = _rest[size..];
        return field;
    }
}

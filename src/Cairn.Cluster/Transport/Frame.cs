using System.Buffers;
using System.Buffers.Binary;

namespace Cairn.Cluster.Transport;

/// <summary>One message on a connection: a header and a payload, in one pooled buffer.</summary>
/// <remarks>
/// Layout of the header, little endian: length of the payload (4), kind (1), service (1), operation (1), status (1), call
/// (8). Format of the connection's version 1; see docs/design/cluster-transport.md.
/// Ownership: one owner, who disposes it or passes it on; the buffer goes back to the pool then, so nothing may keep
/// slices of it. Concurrency: one at a time.
/// </remarks>
public sealed class Frame : IDisposable
{
    public const int HeaderSize = 16;

    /// <summary>Bytes. Far above the record of an upload with ten thousand parts, the largest message there is.</summary>
    public const int MaxPayload = 16 << 20;

    private byte[]? _buffer;
    private int _length;

    private Frame(byte[] buffer)
    {
        _buffer = buffer;
        _length = HeaderSize;
    }

    public FrameKind Kind => (FrameKind)Buffer[4];

    /// <summary>Which service of the other node is meant.</summary>
    public byte Service => Buffer[5];

    /// <summary>What the service is to do.</summary>
    public byte Operation => Buffer[6];

    /// <summary>Of a response.</summary>
    public CallStatus Status => (CallStatus)Buffer[7];

    /// <summary>Binds request, response and cancellation; unique within a session.</summary>
    public ulong Call => BinaryPrimitives.ReadUInt64LittleEndian(Buffer.AsSpan(8));

    public int PayloadLength => _length - HeaderSize;

    public ReadOnlyMemory<byte> Payload => Buffer.AsMemory(HeaderSize, PayloadLength);

    /// <summary>Header and payload.</summary>
    internal Memory<byte> Bytes => Buffer.AsMemory(0, _length);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(Frame));

    /// <param name="kind">What it is for.</param>
    /// <param name="capacity">Expected bytes of payload; it grows when that is too little.</param>
    public static Frame Rent(FrameKind kind, int capacity = 0)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderSize + capacity);
        buffer.AsSpan(0, HeaderSize).Clear();
        buffer[4] = (byte)kind;
        return new Frame(buffer);
    }

    /// <summary>A request or a one-way message, addressed.</summary>
    public static Frame To(byte service, byte operation, int capacity = 0)
    {
        Frame frame = Rent(FrameKind.Request, capacity);
        frame.Buffer[5] = service;
        frame.Buffer[6] = operation;
        return frame;
    }

    /// <summary>The header of frames that are sealed as one.</summary>
    internal static void WriteBundleHeader(Span<byte> header, int payloadLength)
    {
        header[..HeaderSize].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header, payloadLength);
        header[4] = (byte)FrameKind.Bundle;
    }

    /// <summary>From the header; not checked yet.</summary>
    internal static FrameKind ReadKind(ReadOnlySpan<byte> header) => (FrameKind)header[4];

    /// <summary>Of the payload, from the four bytes that every frame begins with. Not checked yet.</summary>
    internal static uint ReadPayloadLength(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header);

    /// <summary>A frame to be filled with bytes from the wire, header included.</summary>
    internal static Frame RentReceived(int payloadLength) =>
        new(ArrayPool<byte>.Shared.Rent(HeaderSize + payloadLength)) { _length = HeaderSize + payloadLength };

    /// <summary>The same bytes in a buffer of their own.</summary>
    internal Frame Copy()
    {
        Frame copy = RentReceived(PayloadLength);
        Bytes.CopyTo(copy.Bytes);
        return copy;
    }

    /// <summary>Room for so many bytes behind the payload; <see cref="Advance"/> takes it.</summary>
    internal Memory<byte> Reserve(int size)
    {
        byte[] buffer = Buffer;
        if (buffer.Length - _length < size)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + size), Math.Min(buffer.Length * 2, MaxPayload)));
            buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            _buffer = buffer = larger;
        }

        return buffer.AsMemory(_length);
    }

    internal void Advance(int size) => _length += size;

    /// <summary>Forgets the payload behind a length.</summary>
    internal void Truncate(int payloadLength) => _length = HeaderSize + payloadLength;

    internal void Address(FrameKind kind, ulong call)
    {
        Buffer[4] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(Buffer.AsSpan(8), call);
    }

    internal void Answer(ulong call, CallStatus status)
    {
        Address(FrameKind.Response, call);
        Buffer[7] = (byte)status;
    }

    /// <summary>Writes the length of the payload into the header: the last thing before it goes out.</summary>
    internal void Finish() => BinaryPrimitives.WriteInt32LittleEndian(Buffer, PayloadLength);

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

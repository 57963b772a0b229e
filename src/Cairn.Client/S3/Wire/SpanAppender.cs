using System.Buffers.Text;

namespace Cairn.Client.S3.Wire;

/// <summary>Fills a buffer from the front. What does not fit is an exception: the caller sized it for the largest.</summary>
internal ref struct SpanAppender(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[_length..]);
        _length += bytes.Length;
    }

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, _buffer[_length..], out int written);
        _length += written;
    }

    /// <summary>Room that the caller fills.</summary>
    public Span<byte> Reserve(int size)
    {
        Span<byte> room = _buffer.Slice(_length, size);
        _length += size;
        return room;
    }
}

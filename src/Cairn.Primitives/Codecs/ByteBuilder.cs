using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Cairn.Primitives.Codecs;

/// <summary>
/// Bytes put together in a caller's buffer, which is left for a pooled one when it becomes too small.
/// </summary>
/// <remarks>Not to be copied: a copy would return the same pooled buffer twice.</remarks>
internal ref struct ByteBuilder(Span<byte> initial)
{
    private Span<byte> _buffer = initial;
    private byte[]? _rented;
    private int _length;

    public readonly int Length => _length;

    public readonly ReadOnlySpan<byte> Bytes => _buffer[.._length];

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Appends the text as UTF-8.</summary>
    public void Append(scoped ReadOnlySpan<char> text) =>
        _length += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void AppendLower(scoped ReadOnlySpan<char> text)
    {
        int start = _length;
        Append(text);
        Ascii.ToLowerInPlace(_buffer[start.._length], out _);
    }

    public void AppendHex(scoped ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, Reserve(bytes.Length * 2), out int written);
        _length += written;
    }

    public void AppendDecimal(int value, StandardFormat format)
    {
        Utf8Formatter.TryFormat(value, Reserve(16), out int written, format);
        _length += written;
    }

    /// <summary>Room for so many bytes more; <see cref="Advance"/> takes it.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_buffer.Length - _length < size)
        {
            Grow(size);
        }

        return _buffer[_length..];
    }

    public void Advance(int size) => _length += size;

    /// <summary>Forgets everything behind a length.</summary>
    public void Truncate(int length) => _length = length;

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + size));
        Bytes.CopyTo(larger);
        Dispose();
        _rented = larger;
        _buffer = larger;
    }
}

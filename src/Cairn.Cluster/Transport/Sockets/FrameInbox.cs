using System.Buffers;
using Cairn.Cluster.Security;

namespace Cairn.Cluster.Transport.Sockets;

/// <summary>The receiving half of a connection: cuts the stream into frames, and checks each.</summary>
/// <remarks>
/// Frames of a bundle are opened together, in the buffer, and handed out one by one.
/// Invariants: no memory is taken for a frame longer than the limit; nothing of a frame is looked at, apart from its
/// length and its kind, before it is whole and opened. The buffer is not written to while frames of a bundle are in it.
/// Concurrency: one caller.
/// </remarks>
internal sealed class FrameInbox(Stream stream, FrameSeal? seal)
{
    // A chunk of a shard, with what stands around it, is taken from the buffer; longer frames get memory of their own.
    private const int BufferSize = 256 << 10;

    /// <summary>Bytes, with header and tag. It is opened where it was received.</summary>
    public const int MaxBundle = BufferSize;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly int _tagSize = seal is null ? 0 : FrameSeal.TagSize;
    private int _start;
    private int _end;
    private int _bundleStart;
    private int _bundleEnd;

    /// <summary>The next frame, or null at the end of the stream.</summary>
    /// <exception cref="TransportException">Too long, altered, or cut.</exception>
    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_bundleStart < _bundleEnd)
        {
            return TakeBundled();
        }

        while (_end - _start < Frame.HeaderSize)
        {
            if (!await FillAsync(cancellationToken))
            {
                return _end == _start ? null : throw Malformed("was cut in the middle of a frame");
            }
        }

        uint length = Frame.ReadPayloadLength(_buffer.AsSpan(_start));
        if (length > Frame.MaxPayload)
        {
            throw Malformed($"announced a frame of {length} bytes; at most {Frame.MaxPayload} are allowed");
        }

        int size = Frame.HeaderSize + (int)length + _tagSize;
        if (Frame.ReadKind(_buffer.AsSpan(_start)) == FrameKind.Bundle)
        {
            return await OpenBundleAsync(size, cancellationToken);
        }

        return size <= BufferSize
            ? await TakeAsync((int)length, size, cancellationToken)
            : await TakeLargeAsync((int)length, size, cancellationToken);
    }

    /// <summary>To be called when nothing receives any more.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        seal?.Dispose();
    }

    private async ValueTask<Frame> OpenBundleAsync(int size, CancellationToken cancellationToken)
    {
        if (size > MaxBundle)
        {
            throw Malformed($"announced a bundle of {size} bytes; at most {MaxBundle} are allowed");
        }

        await ReceiveWholeAsync(size, cancellationToken);
        OpenInPlace(_buffer.AsSpan(_start, size));
        _bundleStart = _start + Frame.HeaderSize;
        _bundleEnd = _start + size - _tagSize;
        _start += size;
        return TakeBundled();
    }

    private Frame TakeBundled()
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_bundleStart, _bundleEnd - _bundleStart);
        if (rest.Length < Frame.HeaderSize
            || Frame.ReadPayloadLength(rest) > rest.Length - Frame.HeaderSize
            || Frame.ReadKind(rest) == FrameKind.Bundle)
        {
            throw Malformed("sent a bundle that does not hold whole frames");
        }

        Frame frame = Frame.RentReceived((int)Frame.ReadPayloadLength(rest));
        rest[..frame.Bytes.Length].CopyTo(frame.Bytes.Span);
        _bundleStart += frame.Bytes.Length;
        return frame;
    }

    private async ValueTask ReceiveWholeAsync(int size, CancellationToken cancellationToken)
    {
        while (_end - _start < size)
        {
            if (!await FillAsync(cancellationToken))
            {
                throw Malformed("was cut in the middle of a frame");
            }
        }
    }

    private async ValueTask<Frame> TakeAsync(int length, int size, CancellationToken cancellationToken)
    {
        await ReceiveWholeAsync(size, cancellationToken);
        Frame frame = Frame.RentReceived(length);
        try
        {
            Open(_buffer.AsSpan(_start, size), frame);
        }
        catch
        {
            frame.Dispose();
            throw;
        }

        _start += size;
        return frame;
    }

    // Gathered in one piece of memory, and opened in place.
    private async ValueTask<Frame> TakeLargeAsync(int length, int size, CancellationToken cancellationToken)
    {
        byte[] whole = ArrayPool<byte>.Shared.Rent(size);
        Frame? frame = null;
        try
        {
            int have = _end - _start;
            _buffer.AsSpan(_start, have).CopyTo(whole);
            _start = _end = 0;
            await stream.ReadExactlyAsync(whole.AsMemory(have, size - have), cancellationToken);
            frame = Frame.RentReceived(length);
            Open(whole.AsSpan(0, size), frame);
            return frame;
        }
        catch (Exception e)
        {
            frame?.Dispose();
            throw e is EndOfStreamException ? Malformed("was cut in the middle of a frame") : e;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private void Open(ReadOnlySpan<byte> bytes, Frame frame)
    {
        Span<byte> target = frame.Bytes.Span;
        if (seal is null)
        {
            bytes.CopyTo(target);
            return;
        }

        bytes[..Frame.HeaderSize].CopyTo(target);
        Open(bytes, target[Frame.HeaderSize..]);
    }

    private void OpenInPlace(Span<byte> bytes) => Open(bytes, bytes[Frame.HeaderSize..^_tagSize]);

    private void Open(ReadOnlySpan<byte> bytes, Span<byte> payload)
    {
        if (seal?.TryOpen(bytes[..Frame.HeaderSize], bytes[Frame.HeaderSize..], payload) == false)
        {
            throw Malformed("sent a frame that was altered, repeated or moved");
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_start > 0 && _end > BufferSize / 2)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end, BufferSize - _end), cancellationToken);
        _end += read;
        return read > 0;
    }

    private static TransportException Malformed(string what) =>
        new(TransportFault.Malformed, "The connection " + what + ".");
}

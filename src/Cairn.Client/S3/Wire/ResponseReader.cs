using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Cairn.Client.S3.Wire;

/// <summary>Reads HTTP/1.1 answers from a connection.</summary>
/// <remarks>
/// Purpose: reads exactly what one answer is, so that the next one begins where this one ended.
/// Failure: InvalidDataException for what is not HTTP; EndOfStreamException when the answer is cut off.
/// Concurrency: one client.
/// </remarks>
public sealed class ResponseReader
{
    /// <summary>Bytes of an answer's header block.</summary>
    private const int MaxHeaderBytes = 32 * 1024;

    /// <summary>Bytes of an answer that are kept: a listing page of the longest keys with the XML around it.</summary>
    private const int MaxKeptBodyBytes = 8 * 1024 * 1024;

    private readonly byte[] _buffer = new byte[128 * 1024];
    private readonly ArrayBufferWriter<byte> _kept = new(4 * 1024);
    private WireConnection? _connection;
    private int _start;
    private int _end;
    private long _contentLength;
    private bool _isChunked;

    public int Status { get; private set; }

    /// <summary>With quotes, as sent; empty when there was none.</summary>
    public string ETag { get; private set; } = "";

    /// <summary>Whether the server ends the connection after this answer.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Bytes of the body.</summary>
    public long BodyLength { get; private set; }

    /// <summary>The body, when it was to be kept or the answer is an error; valid until the next answer.</summary>
    public ReadOnlySpan<byte> Kept => _kept.WrittenSpan;

    /// <summary>Whether the body was the expected content; true when none was expected.</summary>
    public bool IsAsExpected { get; private set; }

    /// <summary>Forgets what was left of another connection.</summary>
    public void Attach(WireConnection connection)
    {
        _connection = connection;
        _start = 0;
        _end = 0;
    }

    /// <summary>Reads one answer.</summary>
    /// <param name="isHead">An answer to HEAD has no body whatever it announces.</param>
    /// <param name="expectation">What to do with the answer of a success; that of an error is always kept.</param>
    public void Read(bool isHead, Expectation expectation)
    {
        _kept.ResetWrittenCount();
        BodyLength = 0;
        IsAsExpected = true;
        do
        {
            ReadHead(expectation.WantsTag);
        }
        while (Status == 100);

        if (isHead || Status is 204 or 304)
        {
            return;
        }

        bool isSuccess = Status is >= 200 and < 300;
        var body = new BodySink(this, expectation.IsKept || !isSuccess, isSuccess ? expectation.Content : default);
        if (_isChunked)
        {
            ReadChunks(ref body);
        }
        else
        {
            ReadExactly(ref body, _contentLength);
        }

        BodyLength = body.Length;
        IsAsExpected = body.IsAsExpected;
    }

    private void ReadHead(bool wantsTag)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_end - _start > MaxHeaderBytes)
            {
                throw new InvalidDataException("The answer's headers do not end.");
            }

            Fill();
        }

        ReadOnlySpan<byte> head = _buffer.AsSpan(_start, length);
        _start += length + 4;
        if (!head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
        {
            throw new InvalidDataException("The answer is not HTTP/1.1.");
        }

        Status = status;
        IsClosing = head[7] == (byte)'0';
        ETag = "";
        _contentLength = 0;
        _isChunked = false;
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadHeader(head[range], wantsTag);
        }
    }

    private void ReadHeader(ReadOnlySpan<byte> line, bool wantsTag)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return;
        }

        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out _contentLength, out int consumed) || consumed != value.Length)
            {
                throw new InvalidDataException("The answer's length is not a number.");
            }
        }
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            _isChunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
        }
        else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
        {
            IsClosing |= Ascii.EqualsIgnoreCase(value, "close"u8);
        }
        else if (wantsTag && Ascii.EqualsIgnoreCase(name, "etag"u8))
        {
            ETag = Encoding.ASCII.GetString(value);
        }
    }

    private void ReadChunks(ref BodySink body)
    {
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            {
                Fill();
            }

            if (!Utf8Parser.TryParse(_buffer.AsSpan(_start, end), out long size, out int digits, 'x') || digits == 0)
            {
                throw new InvalidDataException("The answer's chunks are not framed.");
            }

            _start += end + 2;
            ReadExactly(ref body, size);
            SkipLineBreak();
            if (size == 0)
            {
                return;
            }
        }
    }

    private void SkipLineBreak()
    {
        while (_end - _start < 2)
        {
            Fill();
        }

        _start += 2;
    }

    private void ReadExactly(ref BodySink body, long length)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = 0;
                Fill();
            }

            int run = (int)Math.Min(length, _end - _start);
            body.Accept(_buffer.AsSpan(_start, run));
            _start += run;
            length -= run;
        }
    }

    private void Fill()
    {
        if (_start > 0 && _end > MaxHeaderBytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int received = _connection!.Receive(_buffer.AsSpan(_end));
        if (received == 0)
        {
            throw new EndOfStreamException("The server closed the connection within an answer.");
        }

        _end += received;
    }

    private ref struct BodySink(ResponseReader reader, bool isKept, ReadOnlySpan<byte> expected)
    {
        private readonly ReadOnlySpan<byte> _expected = expected;

        public long Length { get; private set; }

        private bool _differs;

        public readonly bool IsAsExpected => _expected.IsEmpty || (!_differs && Length == _expected.Length);

        public void Accept(ReadOnlySpan<byte> bytes)
        {
            if (isKept && reader._kept.WrittenCount + bytes.Length <= MaxKeptBodyBytes)
            {
                reader._kept.Write(bytes);
            }

            if (!_expected.IsEmpty)
            {
                _differs |= Length + bytes.Length > _expected.Length
                    || !bytes.SequenceEqual(_expected.Slice((int)Length, bytes.Length));
            }

            Length += bytes.Length;
        }
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cairn.Api.S3.Xml;

/// <summary>An XML document under construction, in UTF-8 and in one pooled buffer.</summary>
/// <remarks>
/// Purpose: a listing is a thousand small elements; the framework's writer would cost more than reading the listing.
/// Invariants: never emits a raw control byte; text is always escaped. Names are the caller's and are not.
/// Concurrency: one caller. Dispose it.
/// </remarks>
internal sealed class XmlOutput : IDisposable
{
    private const int FirstSize = 4096;

    // Everything else stands as it is. A raw carriage return would come back from a parser as a line feed.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'&', (byte)'<', (byte)'>', (byte)'"', 0xEF]);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    public XmlOutput(bool hasDeclaration = true)
    {
        if (hasDeclaration)
        {
            Raw(Declaration.Span);
        }
    }

    /// <summary>What every document begins with.</summary>
    public static ReadOnlyMemory<byte> Declaration { get; } =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"u8.ToArray();

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Opens a result's root element, in S3's namespace.</summary>
    public void OpenResult(ReadOnlySpan<byte> name)
    {
        Raw("<"u8);
        Raw(name);
        Raw(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"u8);
    }

    public void Open(ReadOnlySpan<byte> name)
    {
        Raw("<"u8);
        Raw(name);
        Raw(">"u8);
    }

    public void Close(ReadOnlySpan<byte> name)
    {
        Raw("</"u8);
        Raw(name);
        Raw(">"u8);
    }

    public void Element(ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        Open(name);
        Text(text);
        Close(name);
    }

    /// <summary>An element whose name is only known at run time.</summary>
    public void Element(string name, string text) => Element(Encoding.ASCII.GetBytes(name), text);

    /// <summary>Nothing when there is no text.</summary>
    public void ElementIfAny(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            Element(name, text);
        }
    }

    public void Element(ReadOnlySpan<byte> name, long number)
    {
        Open(name);
        Utf8Formatter.TryFormat(number, Reserve(20), out int written);
        _length += written;
        Close(name);
    }

    public void Element(ReadOnlySpan<byte> name, bool value)
    {
        Open(name);
        Raw(value ? "true"u8 : "false"u8);
        Close(name);
    }

    /// <summary>A date as S3's documents have it: to the second, written to the millisecond.</summary>
    public void Element(ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Open(name);
        time.UtcDateTime.TryFormat(
            Reserve(32), out int written, "yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture);
        _length += written;
        Close(name);
    }

    /// <summary>An ETag, in its quotes.</summary>
    public void ETag(ReadOnlySpan<char> etag)
    {
        Raw("<ETag>&quot;"u8);
        Text(etag);
        Raw("&quot;</ETag>"u8);
    }

    /// <summary>A grantee of an access control list, which is the one element with a type attribute.</summary>
    public void OpenGrantee() => Raw(
        "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">"u8);

    /// <summary>The account that owns everything.</summary>
    public void Owner(ReadOnlySpan<byte> element)
    {
        Open(element);
        Element("ID"u8, S3Owner.Id);
        Element("DisplayName"u8, S3Owner.DisplayName);
        Close(element);
    }

    /// <summary>Sends the document and ends the answer.</summary>
    public async Task RespondAsync(S3Call call, int status = StatusCodes.Status200OK)
    {
        HttpResponse response = call.Response;
        response.StatusCode = status;
        response.ContentType = "application/xml";
        response.ContentLength = _length;
        await response.BodyWriter.WriteAsync(Bytes, call.Cancellation);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        // Encoded in place first, and moved only when something in it needs escaping.
        Span<byte> room = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        int size = Encoding.UTF8.GetBytes(text, room);
        int special = room[..size].IndexOfAny(Special);
        if (special < 0)
        {
            _length += size;
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(size);
        room[..size].CopyTo(copy);
        Escape(copy.AsSpan(0, size));
        ArrayPool<byte>.Shared.Return(copy);
    }

    private void Escape(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int special = text.IndexOfAny(Special);
            if (special < 0)
            {
                Raw(text);
                return;
            }

            Raw(text[..special]);
            text = text[special..];
            text = text[EscapeFirst(text)..];
        }
    }

    // XML 1.0 has no way to write most control characters, nor U+FFFE and U+FFFF: a reference is what S3 sends, and
    // what a client that asked for encoding-type=url never meets.
    private int EscapeFirst(ReadOnlySpan<byte> text)
    {
        switch (text[0])
        {
            case (byte)'&':
                Raw("&amp;"u8);
                return 1;
            case (byte)'<':
                Raw("&lt;"u8);
                return 1;
            case (byte)'>':
                Raw("&gt;"u8);
                return 1;
            case (byte)'"':
                Raw("&quot;"u8);
                return 1;
            case 0xEF when text.StartsWith("\uFFFE"u8) || text.StartsWith("\uFFFF"u8):
                Raw(text.StartsWith("\uFFFE"u8) ? "&#xfffe;"u8 : "&#xffff;"u8);
                return 3;
            case 0xEF:
                Raw(text[..1]);
                return 1;
            case (byte)'\t' or (byte)'\n':
                Raw(text[..1]);
                return 1;
            default:
                Raw("&#x"u8);
                Utf8Formatter.TryFormat(text[0], Reserve(2), out int written, new StandardFormat('x'));
                _length += written;
                Raw(";"u8);
                return 1;
        }
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Reserve(int size)
    {
        if (_buffer.Length - _length < size)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + size));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Xml;

/// <summary>Reads the small documents that clients send.</summary>
/// <remarks>
/// Invariants: no document type, no entities but the five of XML, no external reference, bounded depth; the size is
/// bounded by whoever read the bytes. Namespaces are ignored, because clients send S3's, none, and wrong ones.
/// </remarks>
internal static class XmlInput
{
    /// <summary>No document of S3 is half as deep.</summary>
    private const int MaxDepth = 16;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        // Keys may hold characters that XML 1.0 forbids, and listings show them as references: what was listed can be
        // named again. Only what is no text at all is refused.
        CheckCharacters = false,
        MaxCharactersFromEntities = 1,
    };

    // The control characters but NUL and white space, and the first byte of U+FFFE and U+FFFF.
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(1, 31).Select(value => (byte)value).Except("\t\n\r"u8.ToArray()), 0xEF]);

    /// <summary>Parses a document and checks the name of its root.</summary>
    /// <exception cref="S3Exception">MalformedXML.</exception>
    public static XmlElement Parse(ReadOnlyMemory<byte> document, string root)
    {
        try
        {
            using var stream = new MemoryStream(WithReferences(document.Span), writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            reader.MoveToContent();
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != root)
            {
                throw new S3Exception(S3Error.MalformedXml);
            }

            XmlElement element = ReadElement(reader, 0);
            while (reader.Read())
            {
                // To the end, so that what follows the root is checked too.
            }

            return element;
        }
        catch (XmlException)
        {
            throw new S3Exception(S3Error.MalformedXml);
        }
    }

    // Some clients write what XML forbids as it is: one such key among a thousand would spoil the whole request. The
    // parser takes it as a reference; only in a CDATA section, where no reference can stand, it stays an error.
    private static byte[] WithReferences(ReadOnlySpan<byte> document)
    {
        if (document.IndexOfAny(Forbidden) < 0 || document.IndexOf("<![CDATA["u8) >= 0)
        {
            return document.ToArray();
        }

        var text = new ArrayBufferWriter<byte>(document.Length + 64);
        while (document.IndexOfAny(Forbidden) is var at and >= 0)
        {
            text.Write(document[..at]);
            document = document[at..];
            int code = document.StartsWith("\uFFFE"u8) ? 0xFFFE
                : document.StartsWith("\uFFFF"u8) ? 0xFFFF
                : document[0];
            text.Write(code == 0xEF
                ? document[..1]
                : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"&#{code};")));
            document = document[(code > 0xFF ? 3 : 1)..];
        }

        text.Write(document);
        return text.WrittenSpan.ToArray();
    }

    private static XmlElement ReadElement(XmlReader reader, int depth)
    {
        if (depth >= MaxDepth)
        {
            throw new S3Exception(S3Error.MalformedXml);
        }

        string name = reader.LocalName;
        string? type = reader.GetAttribute("type", "http://www.w3.org/2001/XMLSchema-instance");
        if (reader.IsEmptyElement)
        {
            return new XmlElement(name, "", [], type);
        }

        string first = "";
        StringBuilder? text = null;
        List<XmlElement>? children = null;
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    (children ??= []).Add(ReadElement(reader, depth + 1));
                    break;
                // White space may be a key.
                case XmlNodeType.Text when children is null:
                case XmlNodeType.CDATA when children is null:
                case XmlNodeType.Whitespace when children is null:
                case XmlNodeType.SignificantWhitespace when children is null:
                    RequireText(reader.Value);
                    if (first.Length == 0 && text is null)
                    {
                        first = reader.Value;
                    }
                    else
                    {
                        (text ??= new StringBuilder(first)).Append(reader.Value);
                    }

                    break;
            }
        }

        return new XmlElement(name, text?.ToString() ?? first, children ?? [], type);
    }

    // A reference can stand for NUL, which no name may have, or for half a character, which would come out as another one.
    private static void RequireText(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
        {
            throw new S3Exception(S3Error.MalformedXml);
        }

        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int size) != OperationStatus.Done)
            {
                throw new S3Exception(S3Error.MalformedXml);
            }

            text = text[(at + size)..];
        }
    }
}

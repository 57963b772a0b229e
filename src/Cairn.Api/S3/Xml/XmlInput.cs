using System.Buffers;
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
        // named again. Only what is no text at all is refused, below.
        CheckCharacters = false,
        MaxCharactersFromEntities = 1,
    };

    /// <summary>Parses a document and checks the name of its root.</summary>
    /// <exception cref="S3Exception">MalformedXML.</exception>
    public static XmlElement Parse(ReadOnlyMemory<byte> document, string root)
    {
        try
        {
            using var stream = new MemoryStream(document.ToArray(), writable: false);
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

    // A reference can stand for half a character, which would come out as another key.
    private static void RequireText(ReadOnlySpan<char> text)
    {
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

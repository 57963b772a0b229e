using System.Globalization;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Objects;

namespace Cairn.Api.S3.Checksums;

/// <summary>Checksums as clients see them.</summary>
internal static class ChecksumText
{
    /// <summary>Base64; a checksum of checksums also says of how many.</summary>
    public static string Format(ObjectChecksum checksum, int partCount)
    {
        string text = Convert.ToBase64String(checksum.Value.Span);
        return checksum.Type == ChecksumType.Composite
            ? string.Create(CultureInfo.InvariantCulture, $"{text}-{partCount}")
            : text;
    }

    public static string FormatType(ChecksumType type) => type == ChecksumType.Composite ? "COMPOSITE" : "FULL_OBJECT";

    /// <summary>COMPOSITE or FULL_OBJECT.</summary>
    public static bool TryParseType(string text, out ChecksumType type)
    {
        type = text == "COMPOSITE" ? ChecksumType.Composite : ChecksumType.FullObject;
        return text is "COMPOSITE" or "FULL_OBJECT";
    }

    /// <summary>The element with a checksum's value.</summary>
    public static void Render(XmlOutput xml, ObjectChecksum? checksum, int partCount)
    {
        if (checksum is not null)
        {
            xml.Element(ChecksumKind.Of(checksum.Algorithm).Element, Format(checksum, partCount));
        }
    }

    /// <summary>The one checksum element among an element's children; null when there is none.</summary>
    /// <exception cref="S3Exception">The value is not one.</exception>
    public static ObjectChecksum? Parse(XmlElement element)
    {
        foreach (ChecksumKind kind in ChecksumKind.All)
        {
            if (element.ChildText(kind.Element) is { } text)
            {
                return kind.TryParse(text.AsSpan().Trim(), out byte[] value)
                    ? new ObjectChecksum(kind.Algorithm, ChecksumType.FullObject, value)
                    : throw new S3Exception(S3Error.InvalidRequest.Because($"Value for {kind.Element} is invalid."));
            }
        }

        return null;
    }
}

using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using Cairn.Primitives.Codecs;

namespace Cairn.Api.S3.Listings;

/// <summary>How keys stand in a listing: as they are, or percent-encoded (encoding-type=url).</summary>
/// <remarks>Clients decode with plus as space, so a plus is always encoded, and a space never becomes one.</remarks>
internal readonly record struct KeyEncoding(bool IsUrl)
{
    public static S3Error? TryParse(S3Call call, out KeyEncoding encoding)
    {
        string? text = call.Query.FindText("encoding-type");
        encoding = new KeyEncoding(text is not null);
        return text is null or "url"
            ? null
            : S3Error.InvalidArgument.Because("Invalid Encoding Method specified in Request")
                .With("ArgumentName", "encoding-type")
                .With("ArgumentValue", text);
    }

    /// <summary>An element that holds a key, or a part of one.</summary>
    public void Element(XmlOutput xml, ReadOnlySpan<byte> name, string key) =>
        xml.Element(name, IsUrl ? PercentEncoding.Encode(key, keepSlash: true) : key);

    /// <summary>As Element, and nothing for an absent key.</summary>
    public void ElementIfAny(XmlOutput xml, ReadOnlySpan<byte> name, string? key)
    {
        if (key is not null)
        {
            Element(xml, name, key);
        }
    }

    public void CommonPrefixes(XmlOutput xml, IReadOnlyList<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            xml.Open("CommonPrefixes"u8);
            Element(xml, "Prefix"u8, prefix);
            xml.Close("CommonPrefixes"u8);
        }
    }

    /// <summary>The element that tells the client to decode.</summary>
    public void Announce(XmlOutput xml)
    {
        if (IsUrl)
        {
            xml.Element("EncodingType"u8, "url");
        }
    }
}

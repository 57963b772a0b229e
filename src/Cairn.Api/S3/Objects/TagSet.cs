using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;
using Cairn.Api.S3.Xml;

namespace Cairn.Api.S3.Objects;

/// <summary>Tags, from a header or a document, within S3's limits.</summary>
internal static class TagSet
{
    public const int MaxOfObject = 10;
    public const int MaxOfBucket = 50;

    private const int MaxKeyLength = 128;
    private const int MaxValueLength = 256;

    /// <summary>Reads x-amz-tagging: encoded like a query.</summary>
    public static S3Error? TryParseHeader(string? header, out IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        tags = [];
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        if (!S3Query.TryParse(header, out S3Query query))
        {
            return S3Error.InvalidArgument
                .Because("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters.")
                .With("ArgumentName", "x-amz-tagging");
        }

        tags = query.Parameters.ToArray();
        return Check(tags, MaxOfObject);
    }

    /// <summary>Reads a Tagging document.</summary>
    /// <exception cref="S3Exception">MalformedXML or InvalidTag.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(ReadOnlyMemory<byte> document, int maxTags)
    {
        XmlElement set = XmlInput.Parse(document, "Tagging").Child("TagSet")
            ?? throw new S3Exception(S3Error.MalformedXml);
        return Parse(set, maxTags);
    }

    /// <summary>Reads the Tag elements of an element.</summary>
    /// <exception cref="S3Exception">MalformedXML or InvalidTag.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(XmlElement set, int maxTags)
    {
        var tags = new List<KeyValuePair<string, string>>();
        foreach (XmlElement tag in set.ChildrenNamed("Tag"))
        {
            tags.Add(new(
                tag.ChildText("Key") ?? throw new S3Exception(S3Error.MalformedXml),
                tag.ChildText("Value") ?? throw new S3Exception(S3Error.MalformedXml)));
        }

        return Check(tags, maxTags) is { } error ? throw new S3Exception(error) : tags;
    }

    /// <summary>Writes a Tagging document.</summary>
    public static void Render(XmlOutput xml, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        xml.OpenResult("Tagging"u8);
        xml.Open("TagSet"u8);
        foreach (KeyValuePair<string, string> tag in tags)
        {
            xml.Open("Tag"u8);
            xml.Element("Key"u8, tag.Key);
            xml.Element("Value"u8, tag.Value);
            xml.Close("Tag"u8);
        }

        xml.Close("TagSet"u8);
        xml.Close("Tagging"u8);
    }

    private static S3Error? Check(IReadOnlyList<KeyValuePair<string, string>> tags, int maxTags)
    {
        if (tags.Count > maxTags)
        {
            return S3Error.InvalidTag.Because($"Tags cannot be more than {maxTags}.");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string key, string value) in tags)
        {
            if (key.Length is 0 or > MaxKeyLength)
            {
                return S3Error.InvalidTag.Because("The TagKey you have provided is invalid").With("TagKey", key);
            }

            if (value.Length > MaxValueLength)
            {
                return S3Error.InvalidTag.Because("The TagValue you have provided is invalid").With("TagValue", value);
            }

            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                return S3Error.InvalidTag.Because("System tags cannot be added/updated by requester");
            }

            if (!keys.Add(key))
            {
                return S3Error.InvalidTag.Because("Cannot provide multiple Tags with the same key").With("TagKey", key);
            }
        }

        return null;
    }
}

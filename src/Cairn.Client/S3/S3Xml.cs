using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Cairn.Client.S3;

/// <summary>Reads answers. External entities and document types are refused.</summary>
internal static class S3Xml
{
    private static readonly XmlReaderSettings Settings = new() { Async = true, DtdProcessing = DtdProcessing.Prohibit };

    /// <summary>Reads the whole body; an error inside a 200 answer is an exception as well.</summary>
    public static async Task<XElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using XmlReader reader = XmlReader.Create(body, Settings);
        XElement root = await XElement.LoadAsync(reader, LoadOptions.None, cancellationToken);
        return root.Name.LocalName == "Error" ? throw S3Exception.From(response, root) : root;
    }

    public static string Text(XElement parent, string name) => OptionalText(parent, name) ?? "";

    public static string? OptionalText(XElement parent, string name) =>
        parent.Element(parent.Name.Namespace + name)?.Value;

    public static long Number(XElement parent, string name) =>
        long.Parse(Text(parent, name), NumberStyles.None, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(XElement parent, string name) =>
        DateTimeOffset.Parse(Text(parent, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

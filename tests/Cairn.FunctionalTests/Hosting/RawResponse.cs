using System.Text;
using System.Xml.Linq;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>An answer as it came over the wire, with chunked framing removed.</summary>
public sealed record RawResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, bool IsClosed)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public XElement Xml => XDocument.Parse(Text).Root!;

    /// <summary>The code of an error document.</summary>
    public string? Code => Body.Length == 0 ? null : Xml.Element("Code")?.Value;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

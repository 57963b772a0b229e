using System.Globalization;

namespace Cairn.Api.S3.Xml;

/// <summary>An element of a client's document.</summary>
/// <param name="Name">Without namespace.</param>
/// <param name="Text">Text in front of the first child; a leaf's whole text, white space included.</param>
/// <param name="Children">In order.</param>
/// <param name="Type">The xsi:type attribute, if any.</param>
internal sealed record XmlElement(string Name, string Text, IReadOnlyList<XmlElement> Children, string? Type)
{
    public XmlElement? Child(string name)
    {
        foreach (XmlElement child in Children)
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>The text of a child; null when there is none.</summary>
    public string? ChildText(string name) => Child(name)?.Text;

    public IEnumerable<XmlElement> ChildrenNamed(string name) => Children.Where(child => child.Name == name);

    /// <summary>The text as a number without sign.</summary>
    public bool TryReadNumber(out long number) =>
        long.TryParse(Text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

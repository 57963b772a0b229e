using System.Text;
using System.Xml;
using System.Xml.Linq;
using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Xml;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Xml;

/// <summary>Method: what is written is read back by the framework's own parser; what is read is arbitrary.</summary>
public sealed class XmlTests
{
    [Fact]
    public void Written_text_is_read_back() => Prop.ForAll<string>(text =>
    {
        text = new string([.. (text ?? "").Where(XmlConvert.IsXmlChar)]);
        return XElement.Parse(Write(text), LoadOptions.PreserveWhitespace).Value == text;
    }).QuickCheckThrowOnFailure();

    // C2 78.
    [Fact]
    public void No_control_byte_is_ever_raw() => Prop.ForAll<char[]>(chars =>
    {
        string text = Write(new string(chars) + "\0\u0001\u001f\r\ufffe\uffff");
        return !text.Any(c => c is (< ' ' and not '\n' and not '\t') or '\ufffe' or '\uffff');
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("<&>\"'", "&lt;&amp;&gt;&quot;'")]
    [InlineData("\r\n\t", "&#xd;\n\t")]
    [InlineData("\u0001", "&#x1;")]
    [InlineData("\uffff\ufffd", "&#xffff;\ufffd")]
    [InlineData("\U0001F600", "\U0001F600")]
    public void Text_is_escaped_as_S3_does(string text, string escaped) =>
        Assert.Contains($"<E>{escaped}</E>", Write(text), StringComparison.Ordinal);

    [Fact]
    public void Long_documents_grow_their_buffer()
    {
        using var xml = new XmlOutput();
        xml.Open("L"u8);
        for (int number = 0; number < 10_000; number++)
        {
            xml.Element("N"u8, number);
            xml.Element("T"u8, new DateTimeOffset(2020, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
        }

        xml.Close("L"u8);
        XElement list = XElement.Parse(Encoding.UTF8.GetString(xml.Bytes.Span));
        Assert.Equal(20_000, list.Elements().Count());
        Assert.Equal("2020-01-02T03:04:05.000Z", list.Element("T")!.Value); // C2 56
    }

    [Theory]
    [InlineData("<R><A>x</A></R>", "x")]
    [InlineData("<R xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><A>x</A></R>", "x")]
    [InlineData("<?xml version=\"1.0\"?><!-- c --><R>\n  <B/><A> x </A>\n</R>", " x ")]
    [InlineData("<R><A>a<![CDATA[<b>]]>c</A></R>", "a<b>c")]
    [InlineData("<R><A> </A></R>", " ")]
    [InlineData("<R><A/></R>", "")]
    [InlineData("<R><A>&lt;&#x41;</A></R>", "<A")]
    [InlineData("<R></R>", null)]
    [InlineData("<R/>", null)]
    public void Leaf_keeps_its_text(string document, string? text) =>
        Assert.Equal(text, XmlInput.Parse(Encoding.UTF8.GetBytes(document), "R").ChildText("A"));

    [Fact]
    public void Byte_order_mark_is_no_text() => Assert.Equal(
        "x", XmlInput.Parse(Encoding.UTF8.GetBytes("\ufeff<R>x</R>"), "R").Text);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("<R>")]
    [InlineData("<R></Q>")]
    [InlineData("<Q/>")]
    [InlineData("<R/><R/>")]
    [InlineData("<R/>x")]
    [InlineData("<!DOCTYPE R><R/>")]
    [InlineData("<R>&unknown;</R>")]
    [InlineData("<R>\0</R>")]
    [InlineData("<R>&#0;</R>")]
    [InlineData("<R>&#xD83D;</R>")]
    [InlineData("<R><![CDATA[\u0001]]></R>")]
    [InlineData("<R \u0001/>")]
    [InlineData("<\u0001/>")]
    [InlineData(
        "<R><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a/>"
        + "</a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></R>")]
    public void Malformed_document_is_refused(string document) => Assert.Equal(
        "MalformedXML",
        Assert.Throws<S3Exception>(() => XmlInput.Parse(Encoding.UTF8.GetBytes(document), "R")).Error.Code);

    [Fact]
    public void Any_bytes_are_a_document_or_MalformedXML() => Prop.ForAll<byte[]>(bytes =>
    {
        foreach (byte[] document in (byte[][])[bytes, [.. "<R>"u8, .. bytes, .. "</R>"u8], [.. "<R "u8, .. bytes]])
        {
            try
            {
                XmlInput.Parse(document, "R");
            }
            catch (S3Exception)
            {
                // The only way out that there is.
            }
        }
    }).QuickCheckThrowOnFailure();

    private static string Write(string text)
    {
        using var xml = new XmlOutput();
        xml.Element("E"u8, text);
        return Encoding.UTF8.GetString(xml.Bytes.Span);
    }
}

using System.Text;
using Cairn.Primitives.Codecs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Primitives.Codecs;

/// <summary>Method: properties over arbitrary bytes, and the characters that clients disagree on.</summary>
public sealed class PercentEncodingTests
{
    [Fact]
    public void Decoding_undoes_encoding() => Prop.ForAll<byte[], bool>((bytes, keepSlash) =>
    {
        byte[] encoded = new byte[bytes.Length * PercentEncoding.MaxExpansion];
        int size = PercentEncoding.Encode(bytes, keepSlash, encoded);
        string text = Encoding.ASCII.GetString(encoded, 0, size);
        byte[] decoded = new byte[text.Length * PercentEncoding.MaxExpansion];
        return PercentEncoding.TryDecode(text, plusIsSpace: true, decoded, out int written)
            && decoded.AsSpan(0, written).SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_decoded_or_refused_and_never_throws() => Prop.ForAll<string>(text =>
    {
        text ??= "";
        byte[] decoded = new byte[text.Length * PercentEncoding.MaxExpansion];
        PercentEncoding.TryDecode(text, plusIsSpace: false, decoded, out _);
        PercentEncoding.TryDecode("%" + text, plusIsSpace: false, new byte[(text.Length + 1) * 3], out _);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("a b", "a%20b")]
    [InlineData("a/b", "a/b")]
    [InlineData("-._~", "-._~")]
    [InlineData("é\U0001F600", "%C3%A9%F0%9F%98%80")]
    [InlineData("%", "%25")]
    [InlineData("", "")]
    public void Text_is_encoded_with_S3s_set_of_bare_characters(string text, string encoded) =>
        Assert.Equal(encoded, PercentEncoding.Encode(text, keepSlash: true));
}

using System.Text;
using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.UnitTests.Primitives.SigV4;

/// <summary>Method: the canonical text itself is compared, rule by rule.</summary>
public sealed class CanonicalRequestTests
{
    // C2 1 and 2: decode once, encode once, never normalise; a plus in a path is a plus.
    [Theory]
    [InlineData("/a//b/./c/../d", "/a//b/./c/../d")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a+b", "/a%2Bb")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/a%2520", "/a%2520")]
    [InlineData("/%7e~", "/~~")]
    [InlineData("/%c3%a9", "/%C3%A9")]
    [InlineData("/(x)!'*", "/%28x%29%21%27%2A")]
    [InlineData("", "/")]
    public void Path_is_decoded_once_and_encoded_once(string raw, string canonical) =>
        Assert.Equal("GET\n" + canonical + "\n\n", Target(raw, "", ""));

    // C2 2 and 3.
    [Theory]
    [InlineData("a=1+2", "a=1%202")]
    [InlineData("a=1%2B2", "a=1%2B2")]
    [InlineData("uploads", "uploads=")]
    [InlineData("b=2&a=1", "a=1&b=2")]
    [InlineData("a=2&a=1", "a=1&a=2")]
    [InlineData("a-b=1&a=2", "a=2&a-b=1")]
    [InlineData("A=1&a=2", "A=1&a=2")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("p=a/b", "p=a%2Fb")]
    [InlineData("&a=1&&b=2&", "a=1&b=2")]
    [InlineData("X-Amz-Signature=00&a=1", "a=1")]
    public void Query_is_sorted_and_encoded_once(string raw, string canonical) =>
        Assert.Equal("GET\n/\n" + canonical + "\n", Target("/", raw, "X-Amz-Signature"));

    [Fact]
    public void Many_parameters_sort_like_few()
    {
        string[] names = [.. Enumerable.Range(0, 300).Select(index => $"p{index:D3}=")];
        string reversed = string.Join('&', names.Reverse());
        Assert.Equal("GET\n/\n" + string.Join('&', names) + "\n", Target("/", reversed, ""));
    }

    [Theory]
    [InlineData("/%", "")]
    [InlineData("/%4", "")]
    [InlineData("/%zz", "")]
    [InlineData("/", "a=%")]
    [InlineData("/", "%G0=a")]
    [InlineData("/\u00e9", "")]
    public void Broken_encoding_is_refused(string path, string query)
    {
        using var request = new CanonicalRequest(stackalloc byte[64]);
        Assert.False(request.TryAppendTarget("GET", path, query, ""));
    }

    // C2 5.
    [Fact]
    public void Header_values_are_trimmed_squeezed_and_joined()
    {
        using var request = new CanonicalRequest(stackalloc byte[8]);
        request.AppendHeaderName("My-Header");
        request.AppendHeaderValue(" \t a   b \"c  d\" ", isFirst: true);
        request.AppendHeaderValue("e", isFirst: false);
        request.AppendHeaderEnd();
        request.AppendEnd("my-header", "UNSIGNED-PAYLOAD");
        Assert.Equal(
            "my-header:a b \"c d\",e\n\nmy-header\nUNSIGNED-PAYLOAD", Encoding.UTF8.GetString(request.Bytes));
    }

    private static string Target(string path, string query, string omitted)
    {
        using var request = new CanonicalRequest(stackalloc byte[64]);
        Assert.True(request.TryAppendTarget("GET", path, query, omitted));
        return Encoding.UTF8.GetString(request.Bytes);
    }
}

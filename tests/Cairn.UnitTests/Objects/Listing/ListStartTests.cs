using System.Text;
using Cairn.Objects;
using Cairn.Objects.Listing;
using Xunit;

namespace Cairn.UnitTests.Objects.Listing;

/// <remarks>Method: where a page begins, as a pure function of prefix, delimiter and the end of the page before.</remarks>
public sealed class ListStartTests
{
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("", "", "a", "a\0")]
    [InlineData("", "/", "a", "a\0")]
    [InlineData("", "/", "a/", "a0")]
    [InlineData("", "/", "a/b/c", "a0")]
    [InlineData("a/", "/", "a/b/c", "a/b0")]
    [InlineData("a/", "/", "a/b", "a/b\0")]
    [InlineData("b", "/", "a/b", "")]
    [InlineData("a", "--", "ab--c", "ab-.")]
    [InlineData("a", "", "b", "b\0")]
    public void A_page_begins_behind_the_key_or_behind_its_common_prefix(
        string prefix, string delimiter, string after, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(
            ListStart.Behind(Utf8(prefix), Utf8(delimiter), Utf8(after))!));

    [Fact]
    public void Nothing_comes_behind_a_prefix_of_the_highest_bytes() =>
        Assert.Null(RegisterNames.Behind([0xFF, 0xFF]));

    [Fact]
    public void The_name_behind_a_prefix_drops_trailing_highest_bytes() =>
        Assert.Equal([0x02], RegisterNames.Behind([0x01, 0xFF]));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

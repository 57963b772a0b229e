using Cairn.Api.S3;
using Xunit;

namespace Cairn.UnitTests.Api;

/// <summary>Method: names on both sides of each rule.</summary>
public sealed class BucketNameTests
{
    // C2 43.
    [Theory]
    [InlineData("abc", true)]
    [InlineData("ab", false)]
    [InlineData("a.b", true)]
    [InlineData("a-b", true)]
    [InlineData("a--b", true)]
    [InlineData("a..b", false)]
    [InlineData("a.-b", false)]
    [InlineData("a-.b", false)]
    [InlineData(".ab", false)]
    [InlineData("ab-", false)]
    [InlineData("aBc", false)]
    [InlineData("a_c", false)]
    [InlineData("äbc", false)]
    [InlineData("1.2.3.4", false)]
    [InlineData("1.2.3", true)]
    [InlineData("1.2.3.400", true)]
    [InlineData("cairn", false)]
    [InlineData("cairns", true)]
    [InlineData("xn--a", false)]
    [InlineData("sthree-a", false)]
    [InlineData("amzn-s3-demo-a", false)]
    [InlineData("a-s3alias", false)]
    [InlineData("a--ol-s3", false)]
    [InlineData("a.mrap", false)]
    [InlineData("a--x-s3", false)]
    [InlineData("a--table-s3", false)]
    [InlineData("a--x-s3b", true)]
    public void Name_is_judged(string name, bool isValid) => Assert.Equal(isValid, BucketName.IsValid(name));

    [Fact]
    public void Length_is_at_most_63()
    {
        Assert.True(BucketName.IsValid(new string('a', 63)));
        Assert.False(BucketName.IsValid(new string('a', 64)));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Key_is_measured_in_bytes(int size, bool isValid)
    {
        Assert.Equal(isValid, ObjectKey.Check(new string('a', size)) is null);
        Assert.Equal(isValid, ObjectKey.Check(new string('é', size / 2) + new string('a', size % 2)) is null);
    }

    [Fact]
    public void Key_with_NUL_is_refused() => Assert.Equal("InvalidURI", ObjectKey.Check("a\0b")?.Code);
}

using Cairn.Api.S3.Bodies;
using Xunit;

namespace Cairn.UnitTests.Api.Bodies;

/// <summary>Method: every way in which the token stands among others.</summary>
public sealed class ContentEncodingTests
{
    // C2 15.
    [Theory]
    [InlineData("aws-chunked", null)]
    [InlineData("AWS-Chunked", null)]
    [InlineData("gzip,aws-chunked", "gzip")]
    [InlineData("aws-chunked, gzip , br", "gzip,br")]
    [InlineData("gzip, br", "gzip, br")]
    [InlineData("x-aws-chunked", "x-aws-chunked")]
    public void Only_the_own_token_is_removed(string header, string? stored) =>
        Assert.Equal(stored, ContentEncoding.WithoutAwsChunked(header));

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("gzip", false)]
    [InlineData("gzip, aws-chunked", true)]
    [InlineData("aws-chunkedx", false)]
    public void Token_is_recognised(string? header, bool isChunked) =>
        Assert.Equal(isChunked, ContentEncoding.IsAwsChunked(header));
}

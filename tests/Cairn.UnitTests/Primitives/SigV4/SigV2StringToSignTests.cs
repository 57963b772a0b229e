using Cairn.Primitives.SigV4;
using Xunit;

namespace Cairn.UnitTests.Primitives.SigV4;

/// <summary>Method: the examples of AWS's "Signing and authenticating REST requests".</summary>
public sealed class SigV2StringToSignTests
{
    [Fact]
    public void Virtual_host_get_signs_as_published() => Assert.Equal(
        "bWq2s1WEIj+Ydj0vQ697zp+IXMU=",
        Sign("GET", "", "Tue, 27 Mar 2007 19:36:42 +0000", "johnsmith", "/photos/puppy.jpg", ""));

    [Fact]
    public void Virtual_host_put_signs_as_published() => Assert.Equal(
        "MyyxeRY7whkBe+bq8fHCL/2kKUg=",
        Sign("PUT", "image/jpeg", "Tue, 27 Mar 2007 21:15:45 +0000", "johnsmith", "/photos/puppy.jpg", ""));

    [Fact]
    public void Listing_signs_without_its_parameters() => Assert.Equal(
        "htDYFYduRNen8P9ZfE/s9SuKy0U=",
        Sign("GET", "", "Tue, 27 Mar 2007 19:42:41 +0000", "johnsmith", "/", "prefix=photos&max-keys=50&marker=puppy"));

    [Theory]
    [InlineData("acl")]
    [InlineData("acl=")]
    public void Sub_resource_signs_as_published(string query) => Assert.Equal(
        "c2WLPFtWHVgbEmeEG93a4cG37dM=",
        Sign("GET", "", "Tue, 27 Mar 2007 19:44:46 +0000", "johnsmith", "/", query));

    [Fact]
    public void Encoded_path_signs_as_sent() => Assert.Equal(
        "DNEZGsoieTZ92F3bUfSPQcbGmlM=",
        Sign(
            "GET",
            "",
            "Wed, 28 Mar 2007 01:49:49 +0000",
            "",
            "/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re",
            ""));

    [Fact]
    public void Response_overrides_are_signed_decoded_and_in_order()
    {
        using var text = new SigV2StringToSign(stackalloc byte[128]);
        text.AppendStart("GET", "", "", "1175139620");
        Assert.True(text.TryAppendResource("", "/b/k", "response-content-type=a%2Fb+c&x=1&acl"));
        Assert.Equal(
            "GET\n\n\n1175139620\n/b/k?acl&response-content-type=a/b c",
            System.Text.Encoding.UTF8.GetString(text.Bytes));
    }

    [Fact]
    public void Broken_percent_sequence_is_refused()
    {
        using var text = new SigV2StringToSign(stackalloc byte[16]);
        text.AppendStart("GET", "", "", "1");
        Assert.False(text.TryAppendResource("", "/b/k", "versionId=%4"));
    }

    private static string Sign(
        string method, string contentType, string date, string bucket, string path, string query)
    {
        using var text = new SigV2StringToSign(stackalloc byte[64]);
        text.AppendStart(method, "", contentType, date);
        Assert.True(text.TryAppendResource(bucket, path, query));
        return text.Sign(AwsVector.SecretKey);
    }
}

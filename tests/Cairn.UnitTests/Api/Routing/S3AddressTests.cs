using Cairn.Api.S3.Routing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cairn.UnitTests.Api.Routing;

/// <summary>Method: raw targets and hosts, spelled in every way, against the bucket and key they name.</summary>
public sealed class S3AddressTests
{
    [Theory]
    [InlineData("/", "", "")]
    [InlineData("", "", "")]
    [InlineData("/b", "b", "")]
    [InlineData("/b/", "b", "")]
    [InlineData("/b/k", "b", "k")]
    [InlineData("/b//k", "b", "/k")]
    [InlineData("/b///", "b", "//")]
    [InlineData("/b/k/", "b", "k/")]
    [InlineData("/b/../k", "b", "../k")]
    [InlineData("/b/a%2Fb", "b", "a/b")]
    [InlineData("/b/a+b%20c", "b", "a+b c")]
    [InlineData("/b/%252F", "b", "%2F")]
    [InlineData("/b/%C3%A9", "b", "é")]
    [InlineData("/b%2Fc/k", "b/c", "k")]
    public void Path_style(string path, string bucket, string key)
    {
        Assert.True(S3Address.TryParse(null, path, out S3Address address));
        Assert.Equal(new S3Address(bucket, key, false), address);
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("/k", "k")]
    [InlineData("//k", "/k")]
    [InlineData("/b/k", "b/k")]
    public void Virtual_host_style(string path, string key)
    {
        Assert.True(S3Address.TryParse("bucket", path, out S3Address address));
        Assert.Equal(new S3Address("bucket", key, true), address);
    }

    [Theory]
    [InlineData("//")]
    [InlineData("//k")]
    [InlineData("/b/%")]
    [InlineData("/b/%4")]
    [InlineData("/b/%FF")]
    [InlineData("/%FF/k")]
    [InlineData("/b/\u00e9")]
    public void Path_that_names_nothing_is_refused(string path) =>
        Assert.False(S3Address.TryParse(null, path, out _));

    [Theory]
    [InlineData("b.s3.test", "b")]
    [InlineData("B.S3.Test", "b")]
    [InlineData("b.s3.test:9000", "b")]
    [InlineData("b.s3.test.", "b")]
    [InlineData("b.s3.test.:9000", "b")]
    [InlineData("a.b.s3.test", "a.b")]
    [InlineData("b.inner.s3.test", "b")]
    [InlineData("s3.test", null)]
    [InlineData("inner.s3.test", null)]
    [InlineData("xs3.test", null)]
    [InlineData("127.0.0.1:9000", null)]
    [InlineData("[::1]:9000", null)]
    [InlineData("", null)]
    public void Host_names_a_bucket_in_front_of_the_longest_domain(string host, string? bucket) =>
        Assert.Equal(bucket, new HostStyle(["s3.test", ".Inner.S3.test."]).FindBucket(host));

    [Theory]
    [InlineData("/a?b=c", "/a", "b=c")]
    [InlineData("/a", "/a", "")]
    [InlineData("/a?", "/a", "")]
    [InlineData("/a?b?c", "/a", "b?c")]
    [InlineData("http://host:1/a?b", "/a", "b")]
    [InlineData("http://host", "", "")]
    [InlineData("http://host?b", "", "b")]
    [InlineData("/http://x", "/http://x", "")]
    public void Target_is_split_and_not_touched(string text, string path, string query)
    {
        Assert.True(RawTarget.TryParse(text, out RawTarget target));
        Assert.Equal((path, query), (target.Path.ToString(), target.Query.ToString()));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("host:443")]
    public void Target_of_another_form_is_refused(string text) => Assert.False(RawTarget.TryParse(text, out _));

    [Fact]
    public void Any_target_is_parsed_or_refused_and_never_throws() => Prop.ForAll<string>(text =>
    {
        bool isQuery = S3Query.TryParse(text, out S3Query query);
        bool isAddress = S3Address.TryParse(null, "/" + text, out S3Address address);
        return (isQuery || query.Parameters.IsEmpty) && (!isAddress || address.Bucket.Length > 0 || address.Key == "");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Query_is_decoded_once_with_plus_as_space()
    {
        Assert.True(S3Query.TryParse("a=1+2%2B3&b&c=&a=second&&d=e=f", out S3Query query));
        Assert.Equal("1 2+3", query.Find("a"));
        Assert.Equal("", query.Find("b"));
        Assert.Equal("", query.Find("c"));
        Assert.Null(query.FindText("c"));
        Assert.Equal("e=f", query.Find("d"));
        Assert.Null(query.Find("A"));
        Assert.Equal("e=f", query.FindHeader("D"));
        Assert.Equal(5, query.Parameters.Length);
    }
}

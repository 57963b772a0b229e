using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Http;

/// <summary>
/// Method: what is not built, not known or not allowed says so, and never does something else instead.
/// </summary>
public sealed class RoutingTests(S3Server server)
{
    // C2 36.
    [Theory]
    [InlineData("publicAccessBlock")]
    [InlineData("policy")]
    [InlineData("cors")]
    [InlineData("lifecycle")]
    [InlineData("retention")]
    [InlineData("legal-hold")]
    [InlineData("object-lock")]
    [InlineData("encryption")]
    [InlineData("newFeature")]
    [InlineData("newFeature=")]
    [InlineData("policy&versionId=null")]
    [InlineData("location=x")]
    public async Task Sub_resource_that_is_not_built_never_overwrites_the_object(string query)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "untouched");
        RawResponse put = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = query }.WithText("overwritten"));
        Assert.Equal((501, "NotImplemented"), (put.Status, put.Code));
        Assert.Equal("untouched", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    // C2 36: nor does it list, delete or create a bucket.
    [Theory]
    [InlineData("GET", "policy")]
    [InlineData("GET", "cors")]
    [InlineData("GET", "lifecycle")]
    [InlineData("GET", "replication")]
    [InlineData("GET", "website")]
    [InlineData("GET", "notification")]
    [InlineData("GET", "inventory&id=1")]
    [InlineData("PUT", "logging")]
    [InlineData("DELETE", "policy")]
    [InlineData("DELETE", "website")]
    [InlineData("DELETE", "somethingNew")]
    public async Task Sub_resource_of_a_bucket_that_is_not_built_is_501(string method, string query)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, $"/{bucket}") { Query = query });
        Assert.Equal((501, "NotImplemented"), (got.Status, got.Code));
        Assert.Equal(200, (await server.Raw.SendAsync(new RawRequest("HEAD", $"/{bucket}"))).Status);
    }

    // C2 38.
    [Theory]
    [InlineData("PATCH", "/bucket/k", "")]
    [InlineData("POST", "/bucket/k", "")]
    [InlineData("POST", "/bucket/k", "acl")]
    [InlineData("DELETE", "/bucket", "location")]
    [InlineData("PUT", "/bucket", "uploads")]
    [InlineData("PUT", "/", "")]
    [InlineData("TRACE", "/bucket/k", "")]
    public async Task Wrong_method_is_405(string method, string path, string query)
    {
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, path) { Query = query });
        Assert.Equal((405, "MethodNotAllowed"), (got.Status, got.Code));
    }

    [Fact]
    public async Task Two_sub_resources_at_once_are_refused()
    {
        RawResponse got = await server.Raw.GetAsync("/bucket/k", "acl&tagging");
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // D2 13.
    [Fact]
    public async Task Absurd_number_of_parameters_is_refused()
    {
        RawResponse got = await server.Raw.GetAsync("/bucket", string.Join('&', Enumerable.Repeat("a=", 1100)));
        Assert.Equal((400, "InvalidURI"), (got.Status, got.Code));
    }

    [Fact]
    public async Task Path_with_an_empty_bucket_is_refused()
    {
        RawResponse got = await server.Raw.GetAsync("//key");
        Assert.Equal((400, "InvalidURI"), (got.Status, got.Code));
    }
}

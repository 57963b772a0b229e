using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Http;

/// <summary>
/// Method: two requests on one connection: whatever the first answer wrongly carried would be read as the second.
/// </summary>
public sealed class AnswerTests(S3Server server)
{
    // C2 30: the status of GET, and nothing behind the head.
    [Theory]
    [InlineData("/{0}/none", "", "", 404)]
    [InlineData("/no-such-bucket", "", "", 404)]
    [InlineData("/{0}/k", "versionId=garbage", "", 400)]
    [InlineData("/{0}/k", "versionId=00000000000000000000000000000001", "", 404)]
    [InlineData("/{0}/k", "", "Range: bytes=99-", 416)]
    [InlineData("/{0}/k", "partNumber=9", "", 416)]
    [InlineData("/{0}/k", "", "If-Match: \"x\"", 412)]
    [InlineData("/{0}/k", "", "If-None-Match: *", 304)]
    [InlineData("/{0}/k", "", "x-amz-expected-bucket-owner: 111122223333", 403)]
    [InlineData("/Bad_Name", "", "", 400)]
    public async Task Head_ends_as_get_does_and_has_no_body(string format, string query, string header, int status)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "0123456789");
        string[] pair = header.Split(": ");
        RawRequest request = new("HEAD", format.Replace("{0}", bucket, StringComparison.Ordinal))
        {
            Query = query,
            Headers = pair.Length == 2 ? [(pair[0], pair[1])] : [],
        };
        using RawConnection connection = await server.Raw.ConnectAsync();
        await connection.SendAsync(server.Raw.Encode(request, out _));
        RawResponse head = await connection.ReceiveAsync(isHead: true);
        Assert.Equal(status, head.Status);
        await connection.SendAsync(server.Raw.Encode(request with { Method = "GET" }, out _));
        RawResponse got = await connection.ReceiveAsync();
        Assert.Equal((status, head.Header("Content-Range")), (got.Status, got.Header("Content-Range")));
    }

    // C2 31.
    [Fact]
    public async Task Answer_without_content_has_no_body_and_no_length()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        using RawConnection connection = await server.Raw.ConnectAsync();
        (string, string)[] targets = [("/k", "tagging"), ("/k", ""), ("", "tagging"), ("", "")];
        foreach ((string key, string query) in targets)
        {
            await connection.SendAsync(server.Raw.Encode(new RawRequest("DELETE", $"/{bucket}{key}") { Query = query }, out _));
            RawResponse deleted = await connection.ReceiveAsync();
            Assert.Equal((204, null, null), (deleted.Status, deleted.Header("Content-Length"), deleted.Header("Transfer-Encoding")));
        }

        await connection.SendAsync(server.Raw.Encode(new RawRequest("GET", $"/{bucket}"), out _));
        Assert.Equal(404, (await connection.ReceiveAsync()).Status);
    }

    // C2 95, while there are no rules: RustFS sent back any origin, and allowed credentials with it.
    [Fact]
    public async Task GHSA_x5xv_origin_is_not_reflected()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        foreach (string method in (string[])["GET", "OPTIONS"])
        {
            RawResponse got = await server.Raw.SendAsync(new RawRequest(method, $"/{bucket}/k")
            {
                Headers = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET")],
            });
            Assert.DoesNotContain(
                got.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }
}

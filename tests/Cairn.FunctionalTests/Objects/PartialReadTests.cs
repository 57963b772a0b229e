using System.Security.Cryptography;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>Method: reads of one part, and reads that go on where an earlier one ended.</summary>
public sealed class PartialReadTests(S3Server server)
{
    // A client that puts an object together from its parts must get nothing for a part of nothing, not the whole again.
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Part_without_bytes_is_read_as_such(string method)
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k");
        await upload.PutAsync(1, new byte[5 << 20]);
        await upload.PutAsync(2, []);
        Assert.Equal(200, (await upload.CompleteAsync()).Status);
        RawResponse part = await server.Raw.SendAsync(
            new RawRequest(method, $"/{bucket}/k") { Query = "partNumber=2" });
        Assert.Equal((200, "0", "2"), (part.Status, part.Header("Content-Length"), part.Header("x-amz-mp-parts-count")));
        Assert.Empty(part.Body);
    }

    // C2 53 and 58: the part's own checksum, and how those of the parts make that of the object.
    [Fact]
    public async Task Part_comes_with_its_checksum_and_the_type_of_the_objects()
    {
        string bucket = await server.NewBucketAsync();
        string sum = Convert.ToBase64String(SHA256.HashData("x"u8));
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k", ("x-amz-checksum-algorithm", "SHA256"));
        await upload.PutAsync(1, "x"u8.ToArray(), ("x-amz-checksum-sha256", sum));
        Assert.Equal(200, (await upload.CompleteAsync()).Status);
        RawResponse part = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Query = "partNumber=1",
            Headers = [("x-amz-checksum-mode", "ENABLED")],
        });
        Assert.Equal(
            (206, sum, "COMPOSITE"),
            (part.Status, part.Header("x-amz-checksum-sha256"), part.Header("x-amz-checksum-type")));
    }

    // RFC 9110, 13.1.5: bytes of two objects must never end up in one file.
    [Theory]
    [InlineData("{0}", 206)]
    [InlineData("\"other\"", 200)]
    [InlineData("W/{0}", 200)]
    [InlineData("Sat, 01 Jan 2000 00:00:00 GMT", 200)]
    [InlineData("{1}", 206)]
    public async Task If_range_decides_whether_a_download_goes_on(string format, int status)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "0123456789");
        RawResponse whole = await server.Raw.GetAsync($"/{bucket}/k");
        string validator = format
            .Replace("{0}", whole.Header("ETag"), StringComparison.Ordinal)
            .Replace("{1}", whole.Header("Last-Modified"), StringComparison.Ordinal);
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Headers = [("Range", "bytes=5-"), ("If-Range", validator)],
        });
        Assert.Equal((status, status == 206 ? "56789" : "0123456789"), (got.Status, got.Text));
    }

    // D2 22: nothing here is encrypted with a client's key, and whoever believes so must be told.
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Key_for_what_is_not_encrypted_is_refused(string method)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, $"/{bucket}/k")
        {
            Headers = [("x-amz-server-side-encryption-customer-algorithm", "AES256")],
        });
        Assert.Equal(400, got.Status);
        Assert.Null(got.Header("ETag"));
    }
}

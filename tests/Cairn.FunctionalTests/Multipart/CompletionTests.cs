using System.Security.Cryptography;
using System.Xml.Linq;
using Cairn.Api.S3;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Multipart;

/// <summary>Method: what a completion says about the object it expects, right and wrong; and how it is told late.</summary>
public sealed class CompletionTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    // C2 54: the header is about the object that is to be, not about the document that asks for it.
    [Theory]
    [InlineData("{0}-1", "COMPOSITE", 200, null)]
    [InlineData("{0}-1", null, 200, null)]
    [InlineData("{0}", null, 200, null)]
    [InlineData("{0}-2", "COMPOSITE", 400, "BadDigest")]
    [InlineData("{0}-", "COMPOSITE", 400, "BadDigest")]
    [InlineData("{1}-1", "COMPOSITE", 400, "BadDigest")]
    [InlineData("{0}-1", "FULL_OBJECT", 400, "InvalidRequest")]
    [InlineData("nonsense-1", "COMPOSITE", 400, "InvalidRequest")]
    public async Task Expected_checksum_of_checksums_is_verified(string format, string? type, int status, string? code)
    {
        string bucket = await server.NewBucketAsync();
        byte[] part = SHA256.HashData("x"u8);
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k", ("x-amz-checksum-algorithm", "SHA256"));
        await upload.PutAsync(1, "x"u8.ToArray(), ("x-amz-checksum-sha256", Convert.ToBase64String(part)));
        string expected = format
            .Replace("{0}", Convert.ToBase64String(SHA256.HashData(part)), StringComparison.Ordinal)
            .Replace("{1}", Convert.ToBase64String(part), StringComparison.Ordinal);
        (string, string)[] headers = [("x-amz-checksum-sha256", expected)];
        RawResponse done = await upload.CompleteAsync(type is null ? headers : [.. headers, ("x-amz-checksum-type", type)]);
        Assert.Equal((status, code), (done.Status, done.Code));
        if (status == 200)
        {
            Assert.Equal(
                Convert.ToBase64String(SHA256.HashData(part)) + "-1", done.Xml.Element(S3 + "ChecksumSHA256")!.Value);
        }
    }

    // C2 54: what a part must bring follows from what the upload announced.
    [Theory]
    [InlineData("SHA256", null, null, 400)]
    [InlineData("SHA256", "x-amz-checksum-crc32", "jNwWgw==", 400)]
    [InlineData("CRC32", "x-amz-checksum-crc32", "jNwWgw==", 200)]
    [InlineData("CRC64NVME", null, null, 200)]
    public async Task Part_must_bring_the_announced_checksum(string algorithm, string? name, string? value, int status)
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k", ("x-amz-checksum-algorithm", algorithm));
        RawResponse part = await upload.PutAsync(1, "x"u8.ToArray(), name is null ? [] : [(name, value!)]);
        Assert.Equal((status, status == 200 ? null : "InvalidRequest"), (part.Status, part.Code));
    }

    // C2 71: after white space it is too late for another status; the document says what happened.
    [Fact]
    public async Task Failure_after_white_space_is_in_the_document()
    {
        Uri address = await server.StartAsync(new S3Options { KeepAliveInterval = TimeSpan.Zero });
        var raw = new RawS3(address, server.Signer);
        string bucket = await server.NewBucketAsync();
        await raw.PutAsync($"/{bucket}/k", "there");
        RawUpload upload = await RawUpload.BeginAsync(raw, $"/{bucket}/k");
        await upload.PutAsync(1, "x"u8.ToArray());
        RawResponse refused;
        do
        {
            // Now and then the store is faster than no time at all; the upload stays, so it can be asked again.
            refused = await upload.CompleteAsync(("If-None-Match", "*"));
            Assert.Equal(("Error", "PreconditionFailed"), (refused.Xml.Name.LocalName, refused.Code));
        }
        while (refused.Status == 412);
        Assert.Equal(200, refused.Status);
        Assert.Equal("there", (await raw.GetAsync($"/{bucket}/k")).Text);
    }

    // C2 84: ids stand in queries, and not all clients encode them.
    [Fact]
    public async Task Upload_id_needs_no_encoding()
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k");
        Assert.Matches("^[A-Za-z0-9_.~-]+$", upload.Id);
        RawResponse other = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/other") { Query = $"partNumber=1&uploadId={upload.Id}" }.WithText("x"));
        Assert.Equal((404, "NoSuchUpload"), (other.Status, other.Code));
    }

    // C2 36: nor does a copy without its upload overwrite the object.
    [Fact]
    public async Task Part_number_without_an_upload_does_not_copy_over_the_object()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "kept");
        RawResponse got = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            Query = "partNumber=1",
            Headers = [("x-amz-copy-source", $"/{bucket}/other")],
        });
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
        Assert.Equal("kept", (await server.Raw.GetAsync($"/{bucket}/k")).Text);
    }

    // Parts 9,999 and 10,000 are parts like others.
    [Fact]
    public async Task Highest_part_numbers_are_taken()
    {
        string bucket = await server.NewBucketAsync();
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k");
        await upload.PutAsync(9_999, new byte[5 << 20]);
        await upload.PutAsync(10_000, "end"u8.ToArray());
        Assert.Equal(200, (await upload.CompleteAsync()).Status);
        Assert.Equal("end", (await server.Raw.GetAsync($"/{bucket}/k", "partNumber=2")).Text);
    }
}

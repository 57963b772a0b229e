using System.Security.Cryptography;
using System.Xml.Linq;
using Cairn.Api.S3;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Copies;

/// <summary>Method: raw copy requests, because the spelling of the source is half of what goes wrong.</summary>
public sealed class CopyTests(S3Server server)
{
    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    // C2 68.
    [Theory]
    [InlineData("/{0}/a%20b%2Bc%3F%C3%A9", 200)]
    [InlineData("{0}/a%20b%2Bc%3F%C3%A9", 200)]
    [InlineData("{0}/a b+c%3Fé", 200)]
    [InlineData("{0}%2Fa%20b+c%3F%C3%A9", 200)]
    [InlineData("{0}/a+b+c%3F%C3%A9", 404)]
    [InlineData("{0}", 400)]
    [InlineData("{0}/", 400)]
    [InlineData("/", 400)]
    [InlineData("", 400)]
    [InlineData("{0}/%ff", 400)]
    [InlineData("{0}/k?versionId=garbage", 400)]
    public async Task Source_is_decoded_once(string format, int status)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/a%20b%2Bc%3F%C3%A9", "source");
        RawResponse copy = await CopyAsync(bucket, "copy", format.Replace("{0}", bucket, StringComparison.Ordinal));
        Assert.Equal(status, copy.Status);
        if (status == 200)
        {
            Assert.Equal("source", (await server.Raw.GetAsync($"/{bucket}/copy")).Text);
            Assert.NotNull(copy.Xml.Element(S3 + "ETag"));
            Assert.NotNull(copy.Xml.Element(S3 + "LastModified"));
        }
    }

    // C2 69.
    [Fact]
    public async Task Directives_are_independent()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync(
            $"/{bucket}/k", "x", ("x-amz-meta-a", "1"), ("Content-Type", "text/one"), ("x-amz-tagging", "t=1"));
        await CopyAsync(bucket, "kept", $"{bucket}/k", ("x-amz-meta-b", "2"), ("x-amz-tagging", "t=2"));
        RawResponse kept = await server.Raw.GetAsync($"/{bucket}/kept");
        Assert.Equal(("1", null, "text/one"), (kept.Header("x-amz-meta-a"), kept.Header("x-amz-meta-b"), kept.Header("Content-Type")));
        Assert.Contains("<Value>1</Value>", (await server.Raw.GetAsync($"/{bucket}/kept", "tagging")).Text, StringComparison.Ordinal);
        await CopyAsync(
            bucket,
            "replaced",
            $"{bucket}/k",
            ("x-amz-metadata-directive", "REPLACE"),
            ("x-amz-tagging-directive", "REPLACE"),
            ("x-amz-meta-b", "2"),
            ("x-amz-tagging", "t=2"));
        RawResponse replaced = await server.Raw.GetAsync($"/{bucket}/replaced");
        Assert.Equal(
            (null, "2", "binary/octet-stream"),
            (replaced.Header("x-amz-meta-a"), replaced.Header("x-amz-meta-b"), replaced.Header("Content-Type")));
        Assert.Contains("<Value>2</Value>", (await server.Raw.GetAsync($"/{bucket}/replaced", "tagging")).Text, StringComparison.Ordinal);
        RawResponse unknown = await CopyAsync(bucket, "u", $"{bucket}/k", ("x-amz-metadata-directive", "MERGE"));
        Assert.Equal((400, "InvalidArgument"), (unknown.Status, unknown.Code));
    }

    // C2 69.
    [Fact]
    public async Task Copy_onto_itself_must_change_something()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x", ("x-amz-meta-a", "1"));
        RawResponse nothing = await CopyAsync(bucket, "k", $"{bucket}/k");
        Assert.Equal((400, "InvalidRequest"), (nothing.Status, nothing.Code));
        RawResponse metadata = await CopyAsync(
            bucket, "k", $"{bucket}/k", ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-a", "2"));
        Assert.Equal(200, metadata.Status);
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
        Assert.Equal(("x", "2"), (got.Text, got.Header("x-amz-meta-a")));
    }

    // C2 70: a copy has no 304.
    [Theory]
    [InlineData("x-amz-copy-source-if-match", "{0}", 200)]
    [InlineData("x-amz-copy-source-if-match", "x", 412)]
    [InlineData("x-amz-copy-source-if-none-match", "{0}", 412)]
    [InlineData("x-amz-copy-source-if-none-match", "x", 200)]
    [InlineData("x-amz-copy-source-if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT", 412)]
    [InlineData("x-amz-copy-source-if-unmodified-since", "Sat, 01 Jan 2000 00:00:00 GMT", 412)]
    public async Task Source_condition_decides(string name, string format, int status)
    {
        string bucket = await server.NewBucketAsync();
        string etag = (await server.Raw.PutAsync($"/{bucket}/k", "x")).Header("ETag")!;
        RawResponse copy = await CopyAsync(
            bucket, "copy", $"{bucket}/k", (name, format.Replace("{0}", etag, StringComparison.Ordinal)));
        Assert.Equal(status, copy.Status);
    }

    [Fact]
    public async Task Missing_source_is_named()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal("NoSuchKey", (await CopyAsync(bucket, "copy", $"{bucket}/none")).Code);
        Assert.Equal("NoSuchBucket", (await CopyAsync(bucket, "copy", "no-such-bucket/none")).Code);
    }

    // C2 69.
    [Fact]
    public async Task Range_of_a_whole_copy_is_refused()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        Assert.Equal(400, (await CopyAsync(bucket, "copy", $"{bucket}/k", ("Range", "bytes=0-0"))).Status);
    }

    [Fact]
    public async Task Version_of_the_source_can_be_named()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }
            .WithText("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
        string first = (await server.Raw.PutAsync($"/{bucket}/k", "1")).Header("x-amz-version-id")!;
        await server.Raw.PutAsync($"/{bucket}/k", "2");
        RawResponse copy = await CopyAsync(bucket, "copy", $"{bucket}/k?versionId={first}");
        Assert.Equal(first, copy.Header("x-amz-copy-source-version-id"));
        Assert.Equal("1", (await server.Raw.GetAsync($"/{bucket}/copy")).Text);
    }

    // C2 72 by way of UploadPartCopy.
    [Theory]
    [InlineData("bytes=0-4", 200, "01234")]
    [InlineData("bytes=5-9", 200, "56789")]
    [InlineData("", 200, "0123456789")]
    [InlineData("bytes=5-10", 400, null)]
    [InlineData("bytes=5-", 400, null)]
    [InlineData("bytes=-5", 400, null)]
    [InlineData("5-9", 400, null)]
    public async Task Part_copies_a_range(string range, int status, string? body)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "0123456789");
        string upload = (await server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/copy") { Query = "uploads" }))
            .Xml.Element(S3 + "UploadId")!.Value;
        (string, string)[] headers = [("x-amz-copy-source", $"/{bucket}/k")];
        RawResponse part = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/copy")
        {
            Query = $"partNumber=1&uploadId={upload}",
            Headers = range.Length > 0 ? [.. headers, ("x-amz-copy-source-range", range)] : headers,
        });
        Assert.Equal(status, part.Status);
        if (body is null)
        {
            return;
        }

        string etag = part.Xml.Element(S3 + "ETag")!.Value;
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(System.Text.Encoding.ASCII.GetBytes(body)))}\"", etag);
        await server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/copy") { Query = "uploadId=" + upload }
            .WithText($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"));
        Assert.Equal(body, (await server.Raw.GetAsync($"/{bucket}/copy")).Text);
    }

    // C2 71: white space first, the document after it.
    [Fact]
    public async Task Slow_copy_keeps_its_client_with_white_space()
    {
        Uri address = await server.StartAsync(new S3Options { KeepAliveInterval = TimeSpan.FromMilliseconds(1) });
        var raw = new RawS3(address, server.Signer);
        string bucket = await server.NewBucketAsync();
        byte[] body = new byte[16 << 20];
        await raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k") { Body = body });
        RawResponse copy = await raw.SendAsync(new RawRequest("PUT", $"/{bucket}/copy")
        {
            Headers = [("x-amz-copy-source", $"/{bucket}/k"), ("x-amz-checksum-algorithm", "SHA256")],
        });
        Assert.Equal(200, copy.Status);
        Assert.Equal("CopyObjectResult", copy.Xml.Name.LocalName);
        Assert.Matches("\\?>\\s+<CopyObjectResult", copy.Text);
    }

    private Task<RawResponse> CopyAsync(
        string bucket, string key, string source, params (string Name, string Value)[] headers) =>
        server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/{key}")
        {
            Headers = [("x-amz-copy-source", source), .. headers],
        });

    // C2 67.
    [Fact]
    public async Task Empty_object_is_copied_whole_and_as_a_part()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "");
        Assert.Equal(200, (await CopyAsync(bucket, "copy", $"{bucket}/k")).Status);
        Assert.Equal("0", (await server.Raw.GetAsync($"/{bucket}/copy")).Header("Content-Length"));
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/parts");
        RawResponse part = await upload.PutAsync(1, [], ("x-amz-copy-source", $"{bucket}/k"));
        Assert.Equal("\"d41d8cd98f00b204e9800998ecf8427e\"", part.Xml.Element(S3 + "ETag")!.Value);
    }

    // C2 70: as with reads, the stronger of two conditions alone decides.
    [Theory]
    [InlineData("if-match", "{0}", "if-unmodified-since", "Sat, 01 Jan 2000 00:00:00 GMT", 200)]
    [InlineData("if-none-match", "{0}", "if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT", 412)]
    [InlineData("if-none-match", "x", "if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT", 200)]
    public async Task Entity_tag_of_the_source_beats_its_date(
        string name, string format, string otherName, string other, int status)
    {
        string bucket = await server.NewBucketAsync();
        string etag = (await server.Raw.PutAsync($"/{bucket}/k", "x")).Header("ETag")!;
        RawResponse copy = await CopyAsync(
            bucket,
            "copy",
            $"{bucket}/k",
            ("x-amz-copy-source-" + name, format.Replace("{0}", etag, StringComparison.Ordinal)),
            ("x-amz-copy-source-" + otherName, other));
        Assert.Equal(status, copy.Status);
    }

    // C2 61: a copy is a write.
    [Theory]
    [InlineData("there", "If-None-Match", "*", 412)]
    [InlineData("there", "If-Match", "\"x\"", 412)]
    [InlineData("there", "If-Match", "*", 200)]
    [InlineData("none", "If-None-Match", "*", 200)]
    [InlineData("none", "If-Match", "*", 404)]
    [InlineData("there", "If-None-Match", "\"x\"", 501)]
    public async Task Condition_of_the_destination_decides(string key, string name, string value, int status)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "new");
        await server.Raw.PutAsync($"/{bucket}/there", "old");
        Assert.Equal(status, (await CopyAsync(bucket, key, $"{bucket}/k", (name, value))).Status);
        string expected = status == 200 ? "new" : "old";
        Assert.Equal(key == "none" && status != 200 ? 404 : 200, (await server.Raw.GetAsync($"/{bucket}/{key}")).Status);
        Assert.Equal(key == "there" ? expected : "old", (await server.Raw.GetAsync($"/{bucket}/there")).Text);
    }

    // C2 47, for the source.
    [Fact]
    public async Task Expected_owner_of_the_source_must_be_its_owner()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        RawResponse copy = await CopyAsync(
            bucket, "copy", $"{bucket}/k", ("x-amz-source-expected-bucket-owner", "111122223333"));
        Assert.Equal((403, "AccessDenied"), (copy.Status, copy.Code));
    }

    // D2 22: a source is not encrypted with a client's key, nor is what is made of it.
    [Theory]
    [InlineData("x-amz-copy-source-server-side-encryption-customer-algorithm", 400)]
    [InlineData("x-amz-server-side-encryption-customer-algorithm", 501)]
    [InlineData("x-amz-server-side-encryption", 501)]
    public async Task Encryption_that_is_not_there_is_refused(string header, int status)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "x");
        Assert.Equal(status, (await CopyAsync(bucket, "copy", $"{bucket}/k", (header, "AES256"))).Status);
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/copy");
        RawResponse part = await upload.PutAsync(1, [], ("x-amz-copy-source", $"{bucket}/k"), (header, "AES256"));
        Assert.Equal(status, part.Status);
    }

    // C2 54: a copy is one piece, and its checksum covers its bytes.
    [Fact]
    public async Task Copy_of_parts_has_the_checksum_of_its_bytes()
    {
        string bucket = await server.NewBucketAsync();
        string sum = Convert.ToBase64String(SHA256.HashData("x"u8));
        RawUpload upload = await RawUpload.BeginAsync(server.Raw, $"/{bucket}/k", ("x-amz-checksum-algorithm", "SHA256"));
        await upload.PutAsync(1, "x"u8.ToArray(), ("x-amz-checksum-sha256", sum));
        await upload.CompleteAsync();
        RawResponse copy = await CopyAsync(bucket, "copy", $"{bucket}/k");
        Assert.Equal(
            (sum, "FULL_OBJECT"),
            (copy.Xml.Element(S3 + "ChecksumSHA256")!.Value, copy.Xml.Element(S3 + "ChecksumType")!.Value));
        Assert.Equal("\"9dd4e461268c8034f5c8564e155c67a6\"", copy.Xml.Element(S3 + "ETag")!.Value);
    }

    // C2 69: an old version may be put above its successors without any change.
    [Fact]
    public async Task Old_version_is_restored_by_a_copy_onto_its_key()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}") { Query = "versioning" }
            .WithText("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
        string old = (await server.Raw.PutAsync($"/{bucket}/k", "old")).Header("x-amz-version-id")!;
        await server.Raw.PutAsync($"/{bucket}/k", "new");
        string marker = (await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k"))).Header("x-amz-version-id")!;
        Assert.Equal((404, "NoSuchKey"), StatusOf(await CopyAsync(bucket, "k", $"{bucket}/k")));
        Assert.Equal((400, "InvalidRequest"), StatusOf(await CopyAsync(bucket, "k", $"{bucket}/k?versionId={marker}")));
        RawResponse copy = await CopyAsync(bucket, "k", $"{bucket}/k?versionId={old}");
        Assert.Equal((200, old), (copy.Status, copy.Header("x-amz-copy-source-version-id")));
        Assert.Equal("old", (await server.Raw.GetAsync($"/{bucket}/k")).Text);

        static (int Status, string? Code) StatusOf(RawResponse response) => (response.Status, response.Code);
    }
}

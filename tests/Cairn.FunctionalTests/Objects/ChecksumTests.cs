using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Objects;

/// <summary>
/// Method: known checksums of "hello world", sent right and wrong, and read back by every way there is.
/// </summary>
public sealed class ChecksumTests(S3Server server)
{
    private const string Payload = "hello world";
    private const string Crc64 = "x-amz-checksum-crc64nvme";

    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    // C2 52 and 53.
    [Theory]
    [InlineData("x-amz-checksum-crc32", "DUoRhQ==")]
    [InlineData("x-amz-checksum-crc32c", "yZRlqg==")]
    [InlineData("x-amz-checksum-crc64nvme", "jSnVw/bqjr4=")]
    [InlineData("x-amz-checksum-sha1", "Kq5sNclPz7QV2+lfQIuc6R7oRu0=")]
    [InlineData("x-amz-checksum-sha256", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=")]
    [InlineData("x-amz-checksum-md5", "XrY7u+Ae7tCTyyK7j1rNww==")]
    public async Task Checksum_is_verified_kept_and_shown(string name, string value)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", Payload, (name, value));
        Assert.True(put.Status == 200, put.Text);
        Assert.Equal(value, put.Header(name));
        Assert.Equal("FULL_OBJECT", put.Header("x-amz-checksum-type"));

        RawRequest get = new("GET", $"/{bucket}/k") { Headers = [("x-amz-checksum-mode", "ENABLED")] };
        Assert.Equal(value, (await server.Raw.SendAsync(get)).Header(name));
        Assert.Equal(value, (await server.Raw.SendAsync(get with { Method = "HEAD" })).Header(name));
        Assert.Null((await server.Raw.GetAsync($"/{bucket}/k")).Header(name));
        RawResponse range = await server.Raw.SendAsync(get with { Headers = [.. get.Headers, ("Range", "bytes=0-1")] });
        Assert.Equal((206, null), (range.Status, range.Header(name)));

        RawResponse wrong = await server.Raw.PutAsync($"/{bucket}/wrong", Payload + "!", (name, value));
        Assert.Equal((400, "BadDigest"), (wrong.Status, wrong.Code));
        Assert.Equal(404, (await server.Raw.GetAsync($"/{bucket}/wrong")).Status);
    }

    // C2 55.
    [Fact]
    public async Task Crc64_is_kept_when_the_client_sends_none()
    {
        string bucket = await server.NewBucketAsync();
        Assert.Equal("jSnVw/bqjr4=", (await server.Raw.PutAsync($"/{bucket}/k", Payload)).Header(Crc64));
        RawResponse attributes = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Query = "attributes",
            Headers = [("x-amz-object-attributes", "Checksum,ETag,ObjectSize,StorageClass")],
        });
        Assert.Equal("jSnVw/bqjr4=", attributes.Xml.Element(S3 + "Checksum")!.Element(S3 + "ChecksumCRC64NVME")!.Value);
        Assert.Equal("5eb63bbbe01eeed093cb22bb8f5acdc3", attributes.Xml.Element(S3 + "ETag")!.Value);
        Assert.Equal("11", attributes.Xml.Element(S3 + "ObjectSize")!.Value);
        Assert.Equal("STANDARD", attributes.Xml.Element(S3 + "StorageClass")!.Value);
    }

    // C2 52.
    [Theory]
    [InlineData("x-amz-checksum-crc32", "DUoRhQ==", "x-amz-checksum-sha1", "Kq5sNclPz7QV2+lfQIuc6R7oRu0=")]
    [InlineData("x-amz-checksum-crc32", "DUoR", null, null)]
    [InlineData("x-amz-checksum-crc32", "not base64", null, null)]
    [InlineData("x-amz-checksum-crc32", "", null, null)]
    [InlineData("x-amz-sdk-checksum-algorithm", "CRC32", null, null)]
    [InlineData("x-amz-sdk-checksum-algorithm", "CRC32C", "x-amz-checksum-crc32", "DUoRhQ==")]
    public async Task Checksum_headers_that_make_no_sense_are_400(string name, string value, string? name2, string? value2)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync(
            $"/{bucket}/k", Payload, name2 is null ? [(name, value)] : [(name, value), (name2, value2!)]);
        Assert.Equal((400, "InvalidRequest"), (put.Status, put.Code));
    }

    // C2 51.
    [Theory]
    [InlineData("XrY7u+Ae7tCTyyK7j1rNww==", 200, null)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==", 400, "BadDigest")]
    [InlineData("XrY7", 400, "InvalidDigest")]
    [InlineData("not base64", 400, "InvalidDigest")]
    [InlineData("", 400, "InvalidDigest")]
    public async Task Content_md5_is_verified(string value, int status, string? code)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse put = await server.Raw.PutAsync($"/{bucket}/k", Payload, ("Content-MD5", value));
        Assert.Equal((status, code), (put.Status, put.Code));
    }

    // C2 54.
    [Theory]
    [InlineData("CRC64NVME", "COMPOSITE", 400)]
    [InlineData("SHA256", "FULL_OBJECT", 400)]
    [InlineData("SHA1", "FULL_OBJECT", 400)]
    [InlineData("CRC32", "FULL_OBJECT", 200)]
    [InlineData("CRC32", "COMPOSITE", 200)]
    [InlineData("NONE", null, 400)]
    [InlineData(null, "COMPOSITE", 400)]
    [InlineData("CRC32", "SOMETHING", 400)]
    public async Task Upload_takes_only_combinations_that_can_be_computed(string? algorithm, string? type, int status)
    {
        string bucket = await server.NewBucketAsync();
        var headers = new List<(string, string)>();
        if (algorithm is not null)
        {
            headers.Add(("x-amz-checksum-algorithm", algorithm));
        }

        if (type is not null)
        {
            headers.Add(("x-amz-checksum-type", type));
        }

        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("POST", $"/{bucket}/k") { Query = "uploads", Headers = headers });
        Assert.Equal(status, got.Status);
    }

    // C2 54.
    [Fact]
    public async Task Composite_checksum_has_the_number_of_parts()
    {
        string bucket = await server.NewBucketAsync();
        InitiateMultipartUploadResponse upload = await server.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = bucket,
                Key = "k",
                ChecksumAlgorithm = Amazon.S3.ChecksumAlgorithm.SHA256,
            });
        UploadPartResponse part = await server.Client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket,
            Key = "k",
            UploadId = upload.UploadId,
            PartNumber = 1,
            InputStream = new MemoryStream("hello world"u8.ToArray()),
            ChecksumAlgorithm = Amazon.S3.ChecksumAlgorithm.SHA256,
        });
        Assert.Equal("uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=", part.ChecksumSHA256);
        CompleteMultipartUploadResponse done = await server.Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = "k",
                UploadId = upload.UploadId,
                PartETags = [new PartETag(1, part.ETag) { ChecksumSHA256 = part.ChecksumSHA256 }],
            });
        Assert.EndsWith("-1", done.ChecksumSHA256, StringComparison.Ordinal);
        Assert.Equal(ChecksumType.COMPOSITE, done.ChecksumType);
    }

    // C2 54: and the whole object's CRC is the one of its bytes.
    [Fact]
    public async Task Full_object_checksum_of_parts_is_that_of_the_bytes()
    {
        string bucket = await server.NewBucketAsync();
        string upload = (await server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/k")
        {
            Query = "uploads",
            Headers = [("x-amz-checksum-algorithm", "CRC64NVME")],
        })).Xml.Element(S3 + "UploadId")!.Value;
        RawResponse part = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            Query = $"partNumber=1&uploadId={upload}",
            Headers = [(Crc64, "jSnVw/bqjr4=")],
        }.WithText(Payload));
        RawResponse wrong = await CompleteAsync("AAAAAAAAAAA=");
        Assert.Equal((400, "BadDigest"), (wrong.Status, wrong.Code));
        RawResponse done = await CompleteAsync("jSnVw/bqjr4=");
        Assert.True(done.Status == 200, done.Text);
        Assert.Equal("jSnVw/bqjr4=", done.Xml.Element(S3 + "ChecksumCRC64NVME")!.Value);

        Task<RawResponse> CompleteAsync(string checksum) => server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/k")
        {
            Query = "uploadId=" + upload,
            Headers = [(Crc64, checksum), ("x-amz-checksum-type", "FULL_OBJECT")],
        }.WithText(
            $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{part.Header("ETag")}</ETag></Part>"
            + "</CompleteMultipartUpload>"));
    }

    // Clients add a CRC32 to each part by themselves, whether the upload announced one or not.
    [Fact]
    public async Task Part_checksum_of_an_upload_that_announced_none_is_verified_and_accepted_at_the_end()
    {
        string bucket = await server.NewBucketAsync();
        string upload = (await server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/k") { Query = "uploads" }))
            .Xml.Element(S3 + "UploadId")!.Value;
        RawRequest part = new RawRequest("PUT", $"/{bucket}/k")
        {
            Query = $"uploadId={upload}&partNumber=1",
            Headers = [("x-amz-checksum-crc32", "DUoRhQ==")],
        }.WithText(Payload);
        RawResponse wrong = await server.Raw.SendAsync(part.WithText("other"));
        Assert.Equal((400, "BadDigest"), (wrong.Status, wrong.Code));
        RawResponse put = await server.Raw.SendAsync(part);
        Assert.Equal("DUoRhQ==", put.Header("x-amz-checksum-crc32"));
        RawResponse done = await server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/k") { Query = "uploadId=" + upload }
            .WithText(
                "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part>"
                + $"<ChecksumCRC32>DUoRhQ==</ChecksumCRC32><ETag>{put.Header("ETag")}</ETag>"
                + "<PartNumber>1</PartNumber></Part></CompleteMultipartUpload>"));
        Assert.True(done.Status == 200, done.Text);
        Assert.Equal("jSnVw/bqjr4=", done.Xml.Element(S3 + "ChecksumCRC64NVME")!.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Everything")]
    [InlineData("ETag,Unheard")]
    public async Task Unknown_attributes_are_refused(string? attributes)
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", Payload);
        RawResponse got = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Query = "attributes",
            Headers = attributes is null ? [] : [("x-amz-object-attributes", attributes)],
        });
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.FunctionalTests.Hosting;
using Xunit;

namespace Cairn.FunctionalTests.Multipart;

/// <summary>Method: AWS's client for whole uploads, raw requests for every way to get one wrong.</summary>
public sealed class MultipartTests(S3Server server)
{
    private const int SmallestPart = 5 << 20;

    private static readonly XNamespace S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    // C2 50, 58, 85: parts in gaps, of unequal size.
    [Fact]
    public async Task Parts_become_an_object_with_the_etag_of_their_etags()
    {
        string bucket = await server.NewBucketAsync();
        byte[] first = RandomNumberGenerator.GetBytes(SmallestPart);
        byte[] second = RandomNumberGenerator.GetBytes(SmallestPart + 3);
        byte[] third = RandomNumberGenerator.GetBytes(7);
        string upload = await BeginAsync(bucket);
        string[] etags =
        [
            await PutPartAsync(bucket, upload, 2, first),
            await PutPartAsync(bucket, upload, 5, second),
            await PutPartAsync(bucket, upload, 9, third),
        ];
        RawResponse done = await CompleteAsync(bucket, upload, (2, etags[0]), (5, etags[1]), (9, etags[2]));
        Assert.True(done.Status == 200, done.Text);
        byte[] concatenated = [.. MD5.HashData(first), .. MD5.HashData(second), .. MD5.HashData(third)];
        string expected = $"\"{Convert.ToHexStringLower(MD5.HashData(concatenated))}-3\"";
        Assert.Equal(expected, done.Xml.Element(S3 + "ETag")!.Value);

        RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
        Assert.Equal(expected, got.Header("ETag"));
        Assert.Equal([.. first, .. second, .. third], got.Body);
        RawResponse part = await server.Raw.GetAsync($"/{bucket}/k", "partNumber=3");
        Assert.Equal(206, part.Status);
        Assert.Equal(third, part.Body);
        Assert.Equal("3", part.Header("x-amz-mp-parts-count"));
        Assert.Equal(expected, part.Header("ETag"));
        RawResponse beyond = await server.Raw.GetAsync($"/{bucket}/k", "partNumber=4");
        Assert.Equal((416, "InvalidPartNumber"), (beyond.Status, beyond.Code));
        // Across the border of two parts.
        RawResponse range = await server.Raw.SendAsync(new RawRequest("GET", $"/{bucket}/k")
        {
            Headers = [("Range", $"bytes={SmallestPart - 5}-{SmallestPart + 4}")],
        });
        Assert.Equal([.. first[^5..], .. second[..5]], range.Body);
    }

    // C2 87.
    [Fact]
    public async Task Completion_can_be_repeated_and_abort_comes_too_late()
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        string etag = await PutPartAsync(bucket, upload, 1, "x"u8.ToArray());
        RawResponse first = await CompleteAsync(bucket, upload, (1, etag));
        RawResponse second = await CompleteAsync(bucket, upload, (1, etag));
        Assert.Equal(200, second.Status);
        Assert.Equal(first.Xml.Element(S3 + "ETag")!.Value, second.Xml.Element(S3 + "ETag")!.Value);
        RawResponse abort = await server.Raw.SendAsync(
            new RawRequest("DELETE", $"/{bucket}/k") { Query = "uploadId=" + upload });
        Assert.Equal((404, "NoSuchUpload"), (abort.Status, abort.Code));
    }

    // C2 87.
    [Fact]
    public async Task Completion_and_abort_at_once_leave_one_outcome()
    {
        string bucket = await server.NewBucketAsync();
        for (int round = 0; round < 10; round++)
        {
            string upload = await BeginAsync(bucket);
            string etag = await PutPartAsync(bucket, upload, 1, "x"u8.ToArray());
            Task<RawResponse> completing = CompleteAsync(bucket, upload, (1, etag));
            RawResponse aborted = await server.Raw.SendAsync(
                new RawRequest("DELETE", $"/{bucket}/k") { Query = "uploadId=" + upload });
            RawResponse completed = await completing;
            RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
            Assert.Equal(completed.Status == 200 ? (404, 200) : (204, 404), (aborted.Status, got.Status));
            await server.Raw.SendAsync(new RawRequest("DELETE", $"/{bucket}/k"));
        }
    }

    // C2 84.
    [Theory]
    [InlineData("GET", "uploadId=unknown")]
    [InlineData("DELETE", "uploadId=unknown")]
    [InlineData("PUT", "uploadId=unknown&partNumber=1")]
    [InlineData("PUT", "uploadId=&partNumber=1")]
    public async Task Unknown_upload_is_404(string method, string query)
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(new RawRequest(method, $"/{bucket}/k") { Query = query });
        Assert.Equal((404, "NoSuchUpload"), (got.Status, got.Code));
    }

    // C2 86.
    [Fact]
    public async Task Wrong_lists_of_parts_are_refused_and_the_upload_stays()
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        string small = await PutPartAsync(bucket, upload, 1, "small"u8.ToArray());
        string other = await PutPartAsync(bucket, upload, 2, "other"u8.ToArray());
        await AssertCompleteAsync(400, "InvalidPartOrder", (2, other), (1, small));
        await AssertCompleteAsync(400, "InvalidPartOrder", (1, small), (1, small));
        await AssertCompleteAsync(400, "InvalidPart", (1, other));
        await AssertCompleteAsync(400, "InvalidPart", (1, small), (3, other));
        await AssertCompleteAsync(400, "MalformedXML");
        // C2 85.
        await AssertCompleteAsync(400, "EntityTooSmall", (1, small), (2, other));
        // Quoted or not.
        await AssertCompleteAsync(200, null, (1, small.Trim('"')));

        async Task AssertCompleteAsync(int status, string? code, params (int Number, string ETag)[] parts)
        {
            RawResponse got = await CompleteAsync(bucket, upload, parts);
            Assert.Equal((status, code), (got.Status, got.Code));
        }
    }

    [Theory]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><ETag>x</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>x</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload>")]
    [InlineData("")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><CompleteMultipartUpload>&b;</CompleteMultipartUpload>")]
    public async Task Malformed_completion_is_refused(string body)
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("POST", $"/{bucket}/k") { Query = "uploadId=" + upload }.WithText(body));
        Assert.Equal((400, "MalformedXML"), (got.Status, got.Code));
    }

    // "10,001 parts".
    [Fact]
    public async Task Ten_thousand_and_one_parts_are_refused()
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        RawResponse got = await CompleteAsync(
            bucket, upload, [.. Enumerable.Range(1, 10_001).Select(number => (Math.Min(number, 10_000), "x"))]);
        Assert.Equal((400, "MalformedXML"), (got.Status, got.Code));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("x")]
    [InlineData("")]
    public async Task Part_number_out_of_range_is_refused(string number)
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = $"uploadId={upload}&partNumber={number}" }.WithText("x"));
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // C2 36: a part without its upload must not overwrite the object.
    [Fact]
    public async Task Part_number_without_an_upload_does_not_put_the_object()
    {
        string bucket = await server.NewBucketAsync();
        RawResponse got = await server.Raw.SendAsync(
            new RawRequest("PUT", $"/{bucket}/k") { Query = "partNumber=1" }.WithText("x"));
        Assert.Equal((400, "InvalidArgument"), (got.Status, got.Code));
    }

    // C2 85 and 82.
    [Fact]
    public async Task Parts_are_replaced_and_listed_in_pages()
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        await PutPartAsync(bucket, upload, 1, "old"u8.ToArray());
        string[] etags = new string[5];
        for (int number = 1; number <= 5; number++)
        {
            etags[number - 1] = await PutPartAsync(bucket, upload, number, Encoding.ASCII.GetBytes("part " + number));
        }

        var seen = new List<string>();
        int marker = 0;
        bool isTruncated;
        do
        {
            XElement page = (await server.Raw.GetAsync(
                $"/{bucket}/k", $"uploadId={upload}&max-parts=2&part-number-marker={marker}")).Xml;
            seen.AddRange(page.Elements(S3 + "Part").Select(part => part.Element(S3 + "ETag")!.Value));
            marker = int.Parse(page.Element(S3 + "NextPartNumberMarker")!.Value, System.Globalization.CultureInfo.InvariantCulture);
            isTruncated = page.Element(S3 + "IsTruncated")!.Value == "true";
        }
        while (isTruncated);
        Assert.Equal(etags, seen);
    }

    // C2 82 and 88.
    [Fact]
    public async Task Uploads_are_listed_by_key_and_start_and_hidden_from_objects()
    {
        string bucket = await server.NewBucketAsync();
        var expected = new List<string>();
        foreach (string key in (string[])["a", "b/c", "b/d"])
        {
            for (int number = 0; number < 2; number++)
            {
                expected.Add(key + " " + await BeginAsync(bucket, key));
            }
        }

        Assert.Equal(0, (await server.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).KeyCount);
        var seen = new List<string>();
        string next = "uploads&max-uploads=1";
        while (true)
        {
            XElement page = (await server.Raw.GetAsync($"/{bucket}", next)).Xml;
            seen.AddRange(page.Elements(S3 + "Upload")
                .Select(upload => $"{upload.Element(S3 + "Key")!.Value} {upload.Element(S3 + "UploadId")!.Value}"));
            if (page.Element(S3 + "IsTruncated")!.Value == "false")
            {
                break;
            }

            next = "uploads&max-uploads=1"
                + $"&key-marker={Uri.EscapeDataString(page.Element(S3 + "NextKeyMarker")!.Value)}"
                + $"&upload-id-marker={page.Element(S3 + "NextUploadIdMarker")!.Value}";
        }

        Assert.Equal(expected, seen);
        XElement grouped = (await server.Raw.GetAsync($"/{bucket}", "uploads&delimiter=/")).Xml;
        Assert.Equal("b/", grouped.Element(S3 + "CommonPrefixes")!.Element(S3 + "Prefix")!.Value);
    }

    [Fact]
    public async Task Aborted_upload_is_gone()
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        await PutPartAsync(bucket, upload, 1, "x"u8.ToArray());
        RawRequest abort = new("DELETE", $"/{bucket}/k") { Query = "uploadId=" + upload };
        Assert.Equal(204, (await server.Raw.SendAsync(abort)).Status);
        Assert.Equal("NoSuchUpload", (await server.Raw.GetAsync($"/{bucket}/k", "uploadId=" + upload)).Code);
    }

    // C2 86.
    [Theory]
    [InlineData("1", 200)]
    [InlineData("2", 400)]
    [InlineData("x", 400)]
    public async Task Announced_size_is_checked(string size, int status)
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        string etag = await PutPartAsync(bucket, upload, 1, "x"u8.ToArray());
        RawResponse got = await server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/k")
        {
            Query = "uploadId=" + upload,
            Headers = [("x-amz-mp-object-size", size)],
        }.WithText(Document((1, etag))));
        Assert.Equal(status, got.Status);
    }

    // C2 61.
    [Fact]
    public async Task Completion_obeys_its_condition_and_keeps_the_upload()
    {
        string bucket = await server.NewBucketAsync();
        await server.Raw.PutAsync($"/{bucket}/k", "there");
        string upload = await BeginAsync(bucket);
        string etag = await PutPartAsync(bucket, upload, 1, "x"u8.ToArray());
        RawRequest complete = new RawRequest("POST", $"/{bucket}/k") { Query = "uploadId=" + upload }.WithText(Document((1, etag)));
        RawResponse refused = await server.Raw.SendAsync(complete with { Headers = [("If-None-Match", "*")] });
        Assert.Equal((412, "PreconditionFailed"), (refused.Status, refused.Code));
        Assert.Equal(200, (await server.Raw.SendAsync(complete)).Status);
    }

    // C2 67.
    [Fact]
    public async Task Upload_of_one_empty_part_is_an_empty_object()
    {
        string bucket = await server.NewBucketAsync();
        string upload = await BeginAsync(bucket);
        string etag = await PutPartAsync(bucket, upload, 1, []);
        Assert.Equal(200, (await CompleteAsync(bucket, upload, (1, etag))).Status);
        Assert.Equal("0", (await server.Raw.GetAsync($"/{bucket}/k")).Header("Content-Length"));
    }

    // Headers, tags and class are those of the beginning.
    [Fact]
    public async Task Object_gets_what_the_upload_announced()
    {
        string bucket = await server.NewBucketAsync();
        InitiateMultipartUploadResponse begun = await server.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = bucket,
                Key = "k",
                ContentType = "text/x-odd",
                StorageClass = S3StorageClass.ReducedRedundancy,
                TagSet = [new Tag { Key = "a", Value = "b" }],
                Metadata = { ["color"] = "green" },
            });
        string etag = await PutPartAsync(bucket, begun.UploadId, 1, "x"u8.ToArray());
        await CompleteAsync(bucket, begun.UploadId, (1, etag));
        RawResponse got = await server.Raw.GetAsync($"/{bucket}/k");
        Assert.Equal("text/x-odd", got.Header("Content-Type"));
        Assert.Equal("green", got.Header("x-amz-meta-color"));
        Assert.Equal("REDUCED_REDUNDANCY", got.Header("x-amz-storage-class"));
        Assert.Equal("1", got.Header("x-amz-tagging-count"));
    }

    private async Task<string> BeginAsync(string bucket, string key = "k") =>
        (await server.Client.InitiateMultipartUploadAsync(bucket, key)).UploadId;

    private async Task<string> PutPartAsync(string bucket, string upload, int number, byte[] body)
    {
        RawResponse put = await server.Raw.SendAsync(new RawRequest("PUT", $"/{bucket}/k")
        {
            Query = $"partNumber={number}&uploadId={upload}",
            Body = body,
        });
        Assert.True(put.Status == 200, put.Text);
        return put.Header("ETag")!;
    }

    private Task<RawResponse> CompleteAsync(string bucket, string upload, params (int Number, string ETag)[] parts) =>
        server.Raw.SendAsync(new RawRequest("POST", $"/{bucket}/k") { Query = "uploadId=" + upload }.WithText(Document(parts)));

    private static string Document(params (int Number, string ETag)[] parts) =>
        "<CompleteMultipartUpload>"
        + string.Concat(parts.Select(part => $"<Part><PartNumber>{part.Number}</PartNumber><ETag>{part.ETag}</ETag></Part>"))
        + "</CompleteMultipartUpload>";
}

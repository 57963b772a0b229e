using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>AWSSDK.S3: signed chunks with a signed trailer over plain HTTP.</summary>
public sealed class AwsSdkForNetTests : ClientSession
{
    private readonly AmazonS3Client _s3;

    public AwsSdkForNetTests(ClientNode node)
        : base(node) =>
        _s3 = S3Clients.Create(Endpoint);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(81_920)]
    [InlineData(81_921)]
    [InlineData(3_000_000)]
    public async Task Object_comes_back_with_bytes_tag_and_metadata(int size)
    {
        await _s3.PutBucketAsync(Bucket);
        var body = Payload.Create(50, size);
        var request = new PutObjectRequest
        {
            BucketName = Bucket,
            Key = "a b+c.txt",
            InputStream = new MemoryStream(body),
            ContentType = "text/x-n",
        };
        request.Metadata["colour"] = "blue";
        var put = await _s3.PutObjectAsync(request);

        using var got = await _s3.GetObjectAsync(Bucket, "a b+c.txt");
        Assert.Equal(Payload.Hash(body), Payload.Hash(await ReadAsync(got)));
        Assert.Equal(put.ETag, got.ETag);
        Assert.Equal("text/x-n", got.Headers.ContentType);
        Assert.Equal("blue", got.Metadata["colour"]);
    }

    [Fact]
    public async Task Transfer_of_200_MB_goes_up_in_parts_and_comes_back_whole()
    {
        await _s3.PutBucketAsync(Bucket);
        var source = Payload.WriteFile(Scratch.Combine("large"), 51, LargeSize);
        using var transfer = new TransferUtility(_s3);
        await transfer.UploadAsync(source, Bucket, "large");
        var head = await _s3.GetObjectMetadataAsync(Bucket, "large");
        Assert.Equal(LargeSize, head.ContentLength);
        Assert.Contains('-', head.ETag);

        await transfer.DownloadAsync(Scratch.Combine("back"), Bucket, "large");
        Assert.Equal(Payload.HashFile(source), Payload.HashFile(Scratch.Combine("back")));
    }

    [Fact]
    public async Task Listing_pages_in_both_versions_show_every_key_once()
    {
        await _s3.PutBucketAsync(Bucket);
        var keys = Enumerable.Range(0, 40).Select(i => $"k/{i:D2} +&?%ü").Append("other").ToList();
        foreach (var key in keys)
        {
            await _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = key });
        }

        var second = _s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 7 });
        Assert.Equal(keys, await second.S3Objects.Select(o => o.Key).ToListAsync(TestContext.Current.CancellationToken));

        var folders = await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Delimiter = "/" });
        Assert.Equal(["k/"], folders.CommonPrefixes);
        Assert.Equal(["other"], folders.S3Objects.Select(o => o.Key));

        var seen = new List<string>();
        ListObjectsResponse page;
        var request = new ListObjectsRequest { BucketName = Bucket, MaxKeys = 7 };
        do
        {
            page = await _s3.ListObjectsAsync(request);
            seen.AddRange(page.S3Objects.Select(o => o.Key));
            request.Marker = page.NextMarker ?? seen[^1];
        }
        while (page.IsTruncated == true);
        Assert.Equal(keys, seen);
    }

    [Fact]
    public async Task Versions_are_kept_deleted_and_restored()
    {
        await _s3.PutBucketAsync(Bucket);
        await _s3.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = Bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
        });
        var first = await PutTextAsync("k", "first");
        var second = await PutTextAsync("k", "second");
        var marker = await _s3.DeleteObjectAsync(Bucket, "k");
        Assert.Equal("true", marker.DeleteMarker);
        await AssertRefusedAsync("NoSuchKey", HttpStatusCode.NotFound, () => _s3.GetObjectAsync(Bucket, "k"));

        var listing = await _s3.ListVersionsAsync(Bucket);
        Assert.Equal(
            [marker.VersionId, second.VersionId, first.VersionId],
            listing.Versions.Select(v => v.VersionId));

        using (var old = await _s3.GetObjectAsync(Bucket, "k", first.VersionId))
        {
            Assert.Equal("first"u8.ToArray(), await ReadAsync(old));
        }

        await _s3.DeleteObjectAsync(Bucket, "k", marker.VersionId);
        using var restored = await _s3.GetObjectAsync(Bucket, "k");
        Assert.Equal("second"u8.ToArray(), await ReadAsync(restored));
    }

    [Fact]
    public async Task Conditions_guard_writes_and_reads()
    {
        await _s3.PutBucketAsync(Bucket);
        var first = await _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "1", IfNoneMatch = "*" });
        await AssertRefusedAsync("PreconditionFailed", HttpStatusCode.PreconditionFailed, () =>
            _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "2", IfNoneMatch = "*" }));
        await _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "2", IfMatch = first.ETag });
        await AssertRefusedAsync("PreconditionFailed", HttpStatusCode.PreconditionFailed, () =>
            _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "3", IfMatch = first.ETag }));
        await AssertRefusedAsync("PreconditionFailed", HttpStatusCode.PreconditionFailed, () =>
            _s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "k", EtagToMatch = first.ETag }));
        using var got = await _s3.GetObjectAsync(Bucket, "k");
        Assert.Equal("2"u8.ToArray(), await ReadAsync(got));
    }

    [Fact]
    public async Task Racing_conditional_creations_have_one_winner()
    {
        await _s3.PutBucketAsync(Bucket);
        for (var round = 0; round < 10; round++)
        {
            var key = $"race/{round}";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => TryCreateAsync(key, $"writer {n}")));
            var winner = Assert.Single(outcomes, outcome => outcome is not null);
            using var got = await _s3.GetObjectAsync(Bucket, key);
            Assert.Equal(winner, System.Text.Encoding.UTF8.GetString(await ReadAsync(got)));
        }
    }

    [Fact]
    public async Task Tags_copies_and_bulk_deletes_work()
    {
        await _s3.PutBucketAsync(Bucket);
        await PutTextAsync("k", "text");
        await _s3.PutObjectTaggingAsync(new PutObjectTaggingRequest
        {
            BucketName = Bucket,
            Key = "k",
            Tagging = new Tagging { TagSet = [new Tag { Key = "a b", Value = "c+d" }] },
        });
        await _s3.CopyObjectAsync(Bucket, "k", Bucket, "copy of k/ä");
        var tags = await _s3.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = Bucket, Key = "copy of k/ä" });
        Assert.Equal("c+d", Assert.Single(tags.Tagging).Value);

        var deleted = await _s3.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = Bucket,
            Objects = [new KeyVersion { Key = "k" }, new KeyVersion { Key = "copy of k/ä" }, new KeyVersion { Key = "absent" }],
        });
        Assert.Equal(3, deleted.DeletedObjects.Count);
        Assert.Equal(0, (await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })).KeyCount);
    }

    private Task<PutObjectResponse> PutTextAsync(string key, string text) =>
        _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = text });

    /// <returns>The text when this writer won, null when it lost.</returns>
    private async Task<string?> TryCreateAsync(string key, string text)
    {
        try
        {
            await _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = text, IfNoneMatch = "*" });
            return text;
        }
        catch (AmazonS3Exception lost) when (lost.ErrorCode is "PreconditionFailed" or "ConditionalRequestConflict")
        {
            return null;
        }
    }

    private static async Task AssertRefusedAsync(string code, HttpStatusCode status, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<AmazonS3Exception>(call);
        Assert.Equal((code, status), (refusal.ErrorCode, refusal.StatusCode));
    }

    private static async Task<byte[]> ReadAsync(GetObjectResponse response)
    {
        using var buffer = new MemoryStream();
        await response.ResponseStream.CopyToAsync(buffer, TestContext.Current.CancellationToken);
        return buffer.ToArray();
    }
}

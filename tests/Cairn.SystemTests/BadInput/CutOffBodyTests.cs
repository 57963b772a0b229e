using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>Bodies that end too early, lie about their size or are framed wrongly leave nothing behind.</summary>
/// <remarks>
/// The requests are written by hand on raw sockets and are authorised by presigned URLs, so that only the framing is
/// wrong. Afterwards nothing may be listed, the node has to be alive, and its drives must hold no file that no object
/// names.
/// </remarks>
public sealed class CutOffBodyTests
{
    private const string Bucket = "cut-off";
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Uploads_cut_off_at_any_point_leave_neither_objects_nor_files()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        byte[] body = Payload.Create(1, 3_000_000);
        int[] cuts = [0, 1, 1_000, 65_536, 400_000, 1_048_576, 2_000_000, 2_999_999];
        for (int round = 0; round < 4; round++)
        {
            await Task.WhenAll(cuts.Select(cut => CutOffAsync(node, body, cut, isReset: cut % 2 == 0)));
        }

        await AssertNothingIsLeftAsync(node, client);
    }

    [Fact]
    public async Task Uploads_in_signed_chunks_that_break_off_leave_neither_objects_nor_files()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        byte[] body = Payload.Create(2, 3_000_000);
        foreach (int failAt in (int[])[100_000, 600_000, 1_500_000, 2_950_000])
        {
            using var broken = new FailingStream(body, failAt);
            var request = new PutObjectRequest { BucketName = Bucket, Key = $"broken/{failAt}", InputStream = broken };
            // Nothing computed in advance: the body is read once, while it is sent.
            request.DisableDefaultChecksumValidation = true;
            await Assert.ThrowsAnyAsync<Exception>(() => client.PutObjectAsync(request));
        }

        await AssertNothingIsLeftAsync(node, client);
    }

    [Theory]
    [InlineData(
        "Content-Length: 10\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
        + "x-amz-decoded-content-length: 4\r\n",
        "zz;;\r\n\r\n\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", "abcdef")]
    [InlineData("Content-Length: -5\r\n", "abcdef")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "abcdef")]
    [InlineData("Content-Length: 5368709121\r\n", "abcdef")]
    [InlineData("Transfer-Encoding: chunked\r\n", "xyz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "ffffffffffffffff1\r\nabc\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 3\r\nContent-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "abc")]
    [InlineData("Content-Length: 3\r\nx-amz-checksum-crc32: AAAAAA==\r\n", "abc")]
    public async Task Body_framed_wrongly_is_refused(string headers, string body)
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        using RawConnection connection = await RawConnection.OpenAsync(node);
        await connection.SendAsync(PresignedHead.Create(node, HttpVerb.PUT, Bucket, "key", headers) + body);
        string answer = await connection.ReadHeadAsync(AnswerLimit);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(node, client);
    }

    private static async Task CutOffAsync(ProcessNode node, byte[] body, int cut, bool isReset)
    {
        using RawConnection connection = await RawConnection.OpenAsync(node);
        string length = body.Length.ToString(CultureInfo.InvariantCulture);
        await connection.SendAsync(PresignedHead.Create(node, HttpVerb.PUT, Bucket, $"cut/{cut}", $"Content-Length: {length}\r\n"));
        await connection.SendAsync(body.AsMemory(0, cut));
        if (isReset)
        {
            return;
        }

        connection.EndSending();
        string answer = await connection.ReadHeadAsync(AnswerLimit);
        Assert.DoesNotContain("200 OK", answer, StringComparison.Ordinal);
    }

    private static async Task AssertNothingIsLeftAsync(ProcessNode node, AmazonS3Client client)
    {
        ListObjectsV2Response listing = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket });
        Assert.Equal(0, listing.KeyCount);
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);
        Assert.Empty(node.DriveFolders.SelectMany(StoredFiles));
    }

    private static IEnumerable<string> StoredFiles(string drive)
    {
        string shards = Path.Combine(drive, "shards");
        return Directory.Exists(shards) ? Directory.EnumerateFiles(shards, "*", SearchOption.AllDirectories) : [];
    }
}

using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.BadInput;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Lifecycle;

/// <summary>SIGTERM lets requests in flight finish; a start finds everything and is quick.</summary>
public sealed class ShutdownTests
{
    private const string Bucket = "shutdown";
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Upload_in_flight_finishes_after_the_signal_and_the_process_ends_with_zero()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        byte[] body = Payload.Create(1, 2_000_000);
        using RawConnection upload = await RawConnection.OpenAsync(node);
        await upload.SendAsync(PresignedHead.Create(node, HttpVerb.PUT, Bucket, "late", $"Content-Length: {body.Length}\r\n"));
        await upload.SendAsync(body.AsMemory(0, 1_000_000));
        // A served request after the half body shows that the half body has arrived before the signal does.
        await client.ListBucketsAsync();

        node.Terminate();
        await WaitUntilRefusedAsync(node);
        Assert.True(node.IsRunning, "The process ended before the upload did.");
        await upload.SendAsync(body.AsMemory(1_000_000));
        Assert.StartsWith("HTTP/1.1 200", await upload.ReadHeadAsync(AnswerLimit), StringComparison.Ordinal);
        Assert.Equal(0, await node.WaitForExitAsync());

        await node.StartAsync();
        using GetObjectResponse got = await client.GetObjectAsync(Bucket, "late");
        using var buffer = new MemoryStream();
        await got.ResponseStream.CopyToAsync(buffer);
        Assert.Equal(Payload.Hash(body), Payload.Hash(buffer.ToArray()));
    }

    [Fact]
    public async Task Idle_connections_do_not_delay_the_end()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        using RawConnection silent = await RawConnection.OpenAsync(node);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, await node.StopAsync());
        Assert.True(clock.Elapsed < QuickLimit, $"The stop took {clock.Elapsed}.");
    }

    [Fact]
    public async Task Start_with_data_takes_seconds_after_a_clean_stop_and_after_a_kill()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        await Parallel.ForAsync(0, 3_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = Bucket, Key = $"k{i}", ContentBody = $"{i}" }, cancellationToken));

        Assert.Equal(0, await node.StopAsync());
        await node.StartAsync();
        TimeSpan clean = node.StartDuration;
        await node.KillAsync();
        await node.StartAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"clean {clean}, after a kill {node.StartDuration}");
        Assert.True(clean < QuickLimit, $"The start after a clean stop took {clean}.");
        Assert.True(node.StartDuration < QuickLimit, $"The start after a kill took {node.StartDuration}.");
        Assert.Equal("k2999", (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = "k2999" }))
            .S3Objects.Single().Key);
    }

    private static async Task WaitUntilRefusedAsync(ProcessNode node)
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        while (await node.IsReadyAsync())
        {
            // The signal is delivered when the kernel sees fit; readiness ends when it is heard.
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}

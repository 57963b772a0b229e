using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.BadInput;

/// <summary>Clients that stall cost little memory and do not keep others from being served.</summary>
public sealed class SlowClientTests
{
    private const string Bucket = "slow";
    private const int StalledClients = 150;

    // Buffers of one request in each direction, with room for the runtime's own; far below the 64 MiB each one asks for.
    private const long AllowedBytesPerClient = 4L << 20;

    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Stalled_uploads_and_downloads_hold_a_bounded_amount_of_memory()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        byte[] body = Payload.Create(1, 64 << 20);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "big", InputStream = new MemoryStream(body) });
        long before = node.ReadResidentBytes();

        List<RawConnection> stalled = [];
        try
        {
            for (int i = 0; i < StalledClients; i++)
            {
                RawConnection upload = await RawConnection.OpenAsync(node);
                stalled.Add(upload);
                await upload.SendAsync(PresignedHead.Create(
                    node, HttpVerb.PUT, Bucket, $"stalled/{i}", $"Content-Length: {body.Length}\r\n"));
                await upload.SendAsync(body.AsMemory(0, 3_000_000));
                RawConnection download = await RawConnection.OpenAsync(node);
                stalled.Add(download);
                await download.SendAsync(PresignedHead.Create(node, HttpVerb.GET, Bucket, "big"));
                Assert.StartsWith("HTTP/1.1 200", await download.ReadHeadAsync(ServiceLimit), StringComparison.Ordinal);
            }

            await AssertServesAsync(client);
            long growth = node.ReadResidentBytes() - before;
            TestContext.Current.TestOutputHelper?.WriteLine($"{stalled.Count} stalled clients: {growth >> 20} MiB more");
            Assert.True(growth < stalled.Count * AllowedBytesPerClient, $"{growth >> 20} MiB for {stalled.Count} clients");
        }
        finally
        {
            stalled.ForEach(connection => connection.Dispose());
        }

        await AssertServesAsync(client);
        Assert.Equal(0, await node.StopAsync());
        await DriveInspection.AssertWholeAsync(node);
    }

    [Fact]
    public async Task Thousands_of_half_open_connections_do_not_keep_others_from_being_served()
    {
        await using ProcessNode node = await ProcessNode.StartNewAsync();
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutBucketAsync(Bucket);
        await AssertServesAsync(client);
        int before = node.CountDescriptors();

        List<RawConnection> open = [];
        try
        {
            for (int i = 0; i < 3_000; i++)
            {
                RawConnection connection = await RawConnection.OpenAsync(node);
                open.Add(connection);
                // A third says nothing, a third stops in the request line, a third in the headers.
                await connection.SendAsync((i % 3) switch
                {
                    0 => "",
                    1 => "GET /slow/ke",
                    _ => $"PUT /slow/key HTTP/1.1\r\nHost: {node.Endpoint.Authority}\r\nX-Ne",
                });
            }

            await AssertServesAsync(client);
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }

        await AssertServesAsync(client);
        await WaitUntilAsync(() => node.CountDescriptors() < before + 100);
    }

    private static async Task AssertServesAsync(AmazonS3Client client)
    {
        using var limit = new CancellationTokenSource(ServiceLimit);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "served", ContentBody = "text" }, limit.Token);
        using GetObjectResponse got = await client.GetObjectAsync(Bucket, "served", limit.Token);
        Assert.Equal(4, got.ContentLength);
        await client.DeleteObjectAsync(Bucket, "served", limit.Token);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            // Descriptors of another process close when its kernel objects do; there is no event for it.
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }
}

using Amazon.S3;
using Amazon.S3.Model;
using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clusters;

/// <summary>Four processes are one store: any of them serves, two may die, and what comes back is brought up to date.</summary>
public sealed class FourNodesTests
{
    [Fact]
    public async Task Any_two_nodes_may_die_and_nothing_is_lost_or_comes_back_from_the_dead()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        ProcessNode[] nodes = [.. cluster.Nodes];
        var objects = new StoredObjects(nodes[0]);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("first", 1);
        foreach (ProcessNode node in nodes)
        {
            objects.Via = node;
            await objects.VerifyAsync();
        }

        // One away: writes and deletes go on.
        await nodes[3].KillAsync();
        objects.Via = nodes[1];
        await objects.WriteAsync("second", 1);
        await objects.DeleteAsync("first/0/");
        await objects.VerifyAsync();

        // Two away: reads go on, writes are refused with a reason.
        await nodes[2].KillAsync();
        objects.Via = nodes[0];
        await objects.VerifyAsync();
        AmazonS3Exception refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync(nodes[1]));
        Assert.Equal("ServiceUnavailable", refused.ErrorCode);
        Assert.Contains("quorum", refused.Message, StringComparison.OrdinalIgnoreCase);

        // Back, healed, and put to the proof alone.
        await Task.WhenAll(nodes[2].StartAsync(), nodes[3].StartAsync());
        foreach (ProcessNode node in nodes)
        {
            await Healing.WaitAsync(node);
        }

        await nodes[0].KillAsync();
        await nodes[1].KillAsync();
        objects.Via = nodes[3];
        await objects.VerifyAsync();
    }

    [Fact]
    public async Task Emptied_drive_of_a_node_is_rebuilt_and_taken_in_by_the_others_while_they_run()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        ProcessNode[] nodes = [.. cluster.Nodes];
        var objects = new StoredObjects(nodes[0]);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("old", 1);
        Assert.Equal(0, await nodes[3].StopAsync());
        DriveSurgery.Destroy(nodes[3], 0);
        DriveSurgery.Replace(nodes[3], 0);
        await nodes[3].StartAsync();
        foreach (ProcessNode node in nodes)
        {
            await Healing.WaitAsync(node);
        }

        await nodes[0].KillAsync();
        await nodes[1].KillAsync();
        objects.Via = nodes[2];
        await objects.VerifyAsync();
    }

    [Fact]
    public async Task Change_of_a_bucket_through_one_node_is_seen_through_every_other_at_once()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        AmazonS3Client[] clients = [.. cluster.Nodes.Select(node => S3Clients.Create(TestEndpoint.Of(node)))];
        for (int round = 0; round < 5; round++)
        {
            await clients[0].PutBucketAsync("changing");
            await clients[1].PutObjectAsync(new PutObjectRequest { BucketName = "changing", Key = "k", ContentBody = "1" });
            await clients[2].PutBucketVersioningAsync(new PutBucketVersioningRequest
            {
                BucketName = "changing",
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });
            PutObjectResponse put = await clients[1].PutObjectAsync(
                new PutObjectRequest { BucketName = "changing", Key = "k", ContentBody = "2" });
            Assert.NotNull(put.VersionId);
            Assert.NotEqual("null", put.VersionId);
            await clients[3].DeleteObjectAsync("changing", "k", put.VersionId);
            await clients[3].DeleteObjectAsync("changing", "k", "null");
            await clients[3].DeleteBucketAsync("changing");
            AmazonS3Exception gone = await Assert.ThrowsAnyAsync<AmazonS3Exception>(
                () => clients[1].ListObjectsV2Async(new ListObjectsV2Request { BucketName = "changing" }));
            Assert.Equal("NoSuchBucket", gone.ErrorCode);
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task Node_without_the_secret_gets_nothing_and_says_why()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        Assert.Equal(0, await cluster.Nodes[3].StopAsync());
        await using ProcessNode stranger = ProcessNode.Prepare(new ProcessNodeOptions
        {
            DriveCount = 1,
            Arguments = ["--node", $"127.0.0.1:{cluster.Nodes[3].Port}", "--cluster-address", "127.0.0.1:0"],
            Environment = new Dictionary<string, string> { ["CAIRN_CLUSTER_SECRET"] = "another secret of tests" },
        });
        stranger.DriveArguments = cluster.Nodes[3].DriveArguments;
        stranger.Launch();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (stranger.CountInLog("cluster secret") == 0)
        {
            Assert.True(stranger.IsRunning && !limit.IsCancellationRequested, stranger.LogTail);
            // The log of another process is read again.
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.False(await stranger.IsReadyAsync());
        Assert.Equal(0, await stranger.StopAsync());
    }

    private static async Task PutAsync(ProcessNode node)
    {
        using AmazonS3Client client = S3Clients.Create(TestEndpoint.Of(node));
        await client.PutObjectAsync(new PutObjectRequest { BucketName = "stored", Key = "refused", ContentBody = "x" });
    }
}

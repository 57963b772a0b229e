using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clusters;

/// <summary>
/// Wider codes: eight nodes keep 4+4, twelve 6+6. Method: objects of every storage shape, half of the nodes killed at
/// once, everything read through each kind of survivor; then the others return and are healed.
/// </summary>
public sealed class WideClusterTests
{
    [Theory]
    [InlineData(8, "4+4")]
    [InlineData(12, "6+6")]
    public async Task Half_of_the_nodes_may_be_gone_and_everything_reads(int count, string code)
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(count, drivesPerNode: 1);
        Assert.True(cluster.Nodes[0].CountInLog(code) > 0, cluster.Nodes[0].LogTail);
        var objects = new StoredObjects(cluster.Nodes[0]);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("all", 1);

        // Every second one, so that survivors have lost different positions.
        ProcessNode[] gone = [.. cluster.Nodes.Where((_, number) => number % 2 == 0)];
        await Task.WhenAll(gone.Select(node => node.KillAsync()));
        objects.Via = cluster.Nodes[1];
        await objects.VerifyAsync();
        objects.Via = cluster.Nodes[count - 1];
        await objects.VerifyAsync();
        Measured.Write($"{count} nodes: {cluster.Nodes.Where(n => n.IsRunning).Sum(n => n.ReadResidentBytes()) >> 20} MiB in {count / 2}");

        await Task.WhenAll(gone.Select(node => node.StartAsync()));
        foreach (ProcessNode node in cluster.Nodes)
        {
            await Healing.WaitAsync(node);
        }

        objects.Via = gone[0];
        await objects.VerifyAsync();
    }
}

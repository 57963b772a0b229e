using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clusters;

/// <summary>
/// Four nodes with four drives each: sixteen drives, four of which hold an object, one in each node. Method: every pair of
/// nodes is killed in turn and everything is read through the other two; one is killed under load and writes go on.
/// </summary>
public sealed class FourByFourTests
{
    private static readonly TimeSpan FirstSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Any_two_nodes_may_be_killed_and_everything_reads()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 4);
        ProcessNode[] nodes = [.. cluster.Nodes];
        var objects = new StoredObjects(nodes[0]);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("all", 1);
        for (int first = 0; first < nodes.Length; first++)
        {
            for (int second = first + 1; second < nodes.Length; second++)
            {
                ProcessNode[] gone = [nodes[first], nodes[second]];
                await Task.WhenAll(gone.Select(node => node.KillAsync()));
                foreach (ProcessNode survivor in nodes.Except(gone))
                {
                    objects.Via = survivor;
                    await objects.VerifyAsync();
                }

                await Task.WhenAll(gone.Select(node => node.StartAsync()));
                foreach (ProcessNode node in nodes)
                {
                    await Healing.WaitAsync(node);
                }
            }
        }
    }

    [Fact]
    public async Task Writes_go_on_within_a_second_of_a_killed_node()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 4);
        await using SteadyLoad load = await SteadyLoad.StartAsync([.. cluster.Endpoints.Take(3)], workers: 6, size: 200_000);
        await Task.Delay(2 * FirstSecond);
        TimeSpan killed = load.Now;
        await cluster.Nodes[3].KillAsync();
        await Task.Delay(4 * FirstSecond);
        await load.StopAsync();
        LoadSummary after = load.Between(killed + FirstSecond, TimeSpan.MaxValue);
        Measured.Write($"killed node: first second  {load.Between(killed, killed + FirstSecond)}");
        Measured.Write($"killed node: after  {after}");
        Assert.True(after.Percentile(isWrite: true, 0.5) > TimeSpan.Zero, "Nothing was written after the first second.");
        load.Everything().AssertNoFailure();

        await cluster.Nodes[3].StartAsync();
        foreach (ProcessNode node in cluster.Nodes)
        {
            await Healing.WaitAsync(node);
        }
    }
}

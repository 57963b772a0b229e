using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Balancers;

/// <summary>
/// The delivered configurations of HAProxy and nginx, run for real in front of four nodes. Method: a client session of
/// every storage shape through the balancer; then a steady load through it while nodes leave, come back and die, of which
/// a client may notice nothing.
/// </summary>
public sealed class BalancerTests
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    // Issue 3, Show 2.
    private static readonly TimeSpan FirstSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Client_behind_HAProxy_notices_neither_a_node_that_stops_nor_its_return()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        await using Balancer balancer = await Balancer.StartHaproxyAsync(cluster.Endpoints);
        await StopAndStartUnderLoadAsync(cluster, balancer);
    }

    [Fact]
    public async Task Client_behind_nginx_notices_neither_a_node_that_stops_nor_its_return()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        await using Balancer balancer = await Balancer.StartNginxAsync(cluster.Endpoints);
        await StopAndStartUnderLoadAsync(cluster, balancer);
    }

    [Fact]
    public async Task Client_behind_HAProxy_sees_no_error_after_the_first_second_of_a_killed_node()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        await using Balancer balancer = await Balancer.StartHaproxyAsync(cluster.Endpoints);
        await using SteadyLoad load = await SteadyLoad.StartAsync([balancer.Endpoint], workers: 6, size: 16_000);
        await Task.Delay(Settled);
        TimeSpan killed = load.Now;
        await cluster.Nodes[2].KillAsync();
        await Task.Delay(3 * Settled);
        await load.StopAsync();

        LoadSummary after = load.Between(killed + FirstSecond, TimeSpan.MaxValue);
        Measured.Write($"killed behind HAProxy: first second  {load.Between(killed, killed + FirstSecond)}");
        Measured.Write($"killed behind HAProxy: after  {after}");
        Assert.True(after.Count > 0, "Nothing was answered after the first second.");
        after.AssertNoFailure();
    }

    private static async Task StopAndStartUnderLoadAsync(ProcessCluster cluster, Balancer balancer)
    {
        var objects = new StoredObjects(balancer.Endpoint);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("first", 1);
        await objects.VerifyAsync();

        await using SteadyLoad load = await SteadyLoad.StartAsync([balancer.Endpoint], workers: 6, size: 16_000);
        await Task.Delay(Settled);
        Assert.Equal(0, await cluster.Nodes[1].StopAsync());
        await Task.Delay(Settled);
        await cluster.Nodes[1].StartAsync();
        await Task.Delay(Settled);
        await load.StopAsync();
        Measured.Write($"stopped and started behind a balancer: {load.Everything()}");
        load.Everything().AssertNoFailure();
        foreach (ProcessNode node in cluster.Nodes)
        {
            await Healing.WaitAsync(node);
        }

        await objects.VerifyAsync();
    }
}

using Cairn.Client.Admin;
using Cairn.Client.S3;
using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clusters;

/// <summary>Nodes are taken in, drained and given up, while clients write and read without a pause.</summary>
public sealed class ElasticTests
{
    private const double MostImbalance = 0.05;

    private static readonly TimeSpan MoveLimit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Fifth_node_is_taken_in_and_the_first_one_drained_under_load_with_a_stop_half_way()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 2);
        ProcessNode[] nodes = [.. cluster.Nodes];
        using AdminClient admin = Administer(nodes[1]);
        var objects = new StoredObjects(nodes[1]);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 4);
        await using SteadyLoad load = await SteadyLoad.StartAsync(
            [.. nodes.Select(TestEndpoint.Of)], workers: 4, size: 16_000);
        await using ProcessNode fifth = await ProposeAsync(cluster, admin);

        // A plan is not more than that.
        long epoch = (await admin.GetLayoutAsync(default)).Epoch;
        LayoutPlanReport plan = await admin.PlanLayoutAsync(new LayoutChangeRequest(), default);
        Assert.InRange(plan.Moves, 1, 1024);
        Assert.Equal(epoch, (await admin.GetLayoutAsync(default)).Epoch);
        Assert.False(await fifth.IsReadyAsync());

        await admin.ApplyLayoutAsync(new LayoutChangeRequest { Epoch = plan.Epoch }, default);
        await WaitAsync(admin, report => report.Moved.Shards > 0);
        await admin.StopLayoutAsync(default);
        LayoutReport stopped = await WaitAsync(admin, report => report.UnderWay == 0);
        Assert.Equal("stopped", stopped.State);
        Assert.InRange(stopped.Waiting, 1, plan.Moves - 1);
        Assert.Equal("layout", Assert.Single((await admin.GetReadinessAsync(default)).Reasons).Code);
        await objects.WriteAsync("half way", 1);
        await objects.VerifyAsync();
        await admin.ResumeLayoutAsync(default);
        AssertBalanced(await WaitAsync(admin, report => report.State == "at rest"), drives: 10);
        await WaitReadyAsync(fifth);
        objects.Via = fifth;
        await objects.WriteAsync("on five", 1);

        await admin.ApplyLayoutAsync(new LayoutChangeRequest { Drain = [NameOf(nodes[0])] }, default);
        LayoutReport drained = await WaitAsync(admin, report => report.State == "at rest");
        Assert.All(drained.Drives.Where(drive => drive.Node == NameOf(nodes[0])), drive => Assert.Equal("left", drive.Duty));
        AssertBalanced(drained, drives: 8);
        await objects.VerifyAsync();
        await load.StopAsync();
        load.Everything().AssertNoFailure();

        // Two of those that formed the store are gone then, and the layout can still be changed.
        string[] voters = [.. nodes.Skip(1).Append(fifth).Select(NameOf).Order(StringComparer.Ordinal)];
        await WaitAsync(admin, report => report.Voters.SequenceEqual(voters));
        await nodes[0].KillAsync();
        await objects.VerifyAsync();
        await nodes[2].KillAsync();
        await admin.StopLayoutAsync(default);
        await admin.ResumeLayoutAsync(default);
        await nodes[2].StartAsync();
        await WaitReadyAsync(nodes[3]);
        objects.Via = nodes[3];
        await objects.WriteAsync("after", 1);
        await objects.VerifyAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(load.Everything().ToString());
    }

    [Fact]
    public async Task Drives_added_to_a_node_are_taken_in_under_load()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        ProcessNode grown = cluster.Nodes[3];
        using AdminClient admin = Administer(cluster.Nodes[0]);
        var objects = new StoredObjects(grown);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 2);
        await using SteadyLoad load = await SteadyLoad.StartAsync(
            [.. cluster.Nodes.Take(3).Select(TestEndpoint.Of)], workers: 3, size: 16_000);

        await grown.StopAsync();
        grown.DriveArguments = [.. grown.DriveArguments, $"http://127.0.0.1:{grown.Port}{grown.AsideFolder}"];
        await grown.StartAsync();
        LayoutReport waiting = await WaitAsync(admin, report => report.Candidates.Count > 0);
        LayoutCandidate candidate = Assert.Single(waiting.Candidates);
        Assert.Equal((NameOf(grown), 1), (candidate.Node, candidate.Drives.Count));
        Assert.Equal(4, waiting.Drives.Count);

        string former = waiting.Drives.Single(drive => drive.Node == NameOf(grown)).Id;
        await admin.ApplyLayoutAsync(new LayoutChangeRequest { Drain = [former], Add = [NameOf(grown)] }, default);
        LayoutReport moved = await WaitAsync(admin, report => report is { State: "at rest", Candidates.Count: 0 });
        LayoutDriveReport added = Assert.Single(moved.Drives, drive => drive.Id == candidate.Drives[0]);
        Assert.Equal(("active", 1024), (added.Duty, added.Holds));
        await load.StopAsync();
        load.Everything().AssertNoFailure();
        await objects.WriteAsync("after", 1);
        await objects.VerifyAsync();

        // The arguments stay as they are, also now that one of the drives has left.
        await grown.StopAsync();
        await grown.StartAsync();
        await objects.VerifyAsync();
        Assert.Empty((await admin.GetLayoutAsync(default)).Candidates);
    }

    [Fact]
    public async Task Node_alone_gets_two_more_drives()
    {
        await using ProcessNode node = ProcessNode.Prepare(new ProcessNodeOptions { DriveCount = 6 });
        node.DriveArguments = [.. node.DriveFolders.Take(4)];
        await node.StartAsync();
        var objects = new StoredObjects(node);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 3);
        using AdminClient admin = Administer(node);
        Assert.Empty((await admin.GetLayoutAsync(default)).Candidates);

        await node.StopAsync();
        node.DriveArguments = node.DriveFolders;
        await node.StartAsync();
        Assert.Equal(1, node.CountInLog("2 drives of this node are not part of the store."));
        LayoutReport waiting = await WaitAsync(admin, report => report.Candidates.Count > 0);
        Assert.Equal(2, Assert.Single(waiting.Candidates).Drives.Count);
        await objects.VerifyAsync();

        await admin.ApplyLayoutAsync(new LayoutChangeRequest(), default);
        AssertBalanced(await WaitAsync(admin, report => report.State == "at rest"), drives: 6);
        await objects.VerifyAsync();
        await node.KillAsync();
        await node.StartAsync();
        await objects.WriteAsync("after", 2);
        await objects.VerifyAsync();
        Assert.Empty((await admin.GetLayoutAsync(default)).Candidates);
    }

    [Fact]
    public async Task Node_that_is_gone_for_good_is_removed_under_load_and_everything_is_restored_on_the_others()
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 5, drivesPerNode: 1);
        // The node of the lowest name would be the one that moves.
        ProcessNode[] nodes = [.. cluster.Nodes.OrderBy(NameOf, StringComparer.Ordinal)];
        ProcessNode gone = nodes[0];
        using AdminClient admin = Administer(nodes[1]);
        var objects = new StoredObjects(nodes[1]);
        await objects.CreateBucketAsync();
        await objects.WriteAsync("before", 3);
        await using SteadyLoad load = await SteadyLoad.StartAsync(
            [.. nodes[1..].Select(TestEndpoint.Of)], workers: 4, size: 16_000);
        await gone.KillAsync();
        await objects.WriteAsync("one is gone", 1);

        await CallAdminAsync(nodes[1], "layout", "plan", "--drain", NameOf(gone));
        Assert.Equal("at rest", (await admin.GetLayoutAsync(default)).State);
        await CallAdminAsync(nodes[1], "layout", "apply", "--drain", NameOf(gone));
        LayoutReport removed = await WaitAsync(admin, report => report.State == "at rest");
        Assert.Equal("left", Assert.Single(removed.Drives, drive => drive.Node == NameOf(gone)).Duty);
        AssertBalanced(removed, drives: 4);
        await load.StopAsync();
        load.Everything().AssertNoFailure();
        foreach (ProcessNode node in nodes[1..])
        {
            await Healing.WaitAsync(node);
        }

        // Nobody speaks of it any more, so that nothing else waits for it.
        ClusterStatus status = await admin.GetClusterAsync(default);
        Assert.DoesNotContain(status.Nodes, node => node.Name == NameOf(gone));
        Assert.Empty((await admin.GetReadinessAsync(default)).Reasons);

        // Two of the four that are left may go: so all that was on the one that is gone is on others.
        await nodes[2].KillAsync();
        await objects.WriteAsync("two are gone", 1);
        await nodes[3].KillAsync();
        await objects.VerifyAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(load.Everything().ToString());
    }

    private static async Task CallAdminAsync(ProcessNode node, params string[] arguments)
    {
        using ScratchFolder scratch = new();
        await new ForeignProgram(CairnExecutable.FilePath, scratch.Location, new Dictionary<string, string>
        {
            ["CAIRN_ROOT_USER"] = node.AccessKey,
            ["CAIRN_ROOT_PASSWORD"] = node.SecretKey,
        }).CallAsync(["admin", .. arguments, "--endpoint", node.Endpoint.ToString()]);
    }

    // Started with everybody's endpoints and its own, it waits for an administrator.
    private static async Task<ProcessNode> ProposeAsync(ProcessCluster cluster, AdminClient admin)
    {
        ProcessNode fifth = ProcessCluster.PrepareNode(drives: 2);
        fifth.DriveArguments = [.. cluster.Nodes[0].DriveArguments, .. ProcessCluster.EndpointsOf(fifth)];
        fifth.Launch();
        LayoutReport report = await WaitAsync(admin, report => report.Candidates.Count > 0);
        Assert.Equal(NameOf(fifth), Assert.Single(report.Candidates).Node);
        Assert.DoesNotContain(report.Drives, drive => drive.Node == NameOf(fifth));
        return fifth;
    }

    private static void AssertBalanced(LayoutReport report, int drives)
    {
        LayoutDriveReport[] active = [.. report.Drives.Where(drive => drive.Duty == "active")];
        Assert.Equal(drives, active.Length);
        double mean = active.Average(drive => drive.Holds);
        Assert.All(active, drive => Assert.InRange(drive.Holds, mean * (1 - MostImbalance), mean * (1 + MostImbalance)));
    }

    private static async Task<LayoutReport> WaitAsync(AdminClient admin, Func<LayoutReport, bool> isSo)
    {
        using var limit = new CancellationTokenSource(MoveLimit);
        while (true)
        {
            LayoutReport report = await admin.GetLayoutAsync(limit.Token);
            if (isSo(report))
            {
                return report;
            }

            // Another process has no event to await; its answers are its signal.
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    private static async Task WaitReadyAsync(ProcessNode node)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await node.IsReadyAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    private static string NameOf(ProcessNode node) => node.Endpoint.Authority;

    private static AdminClient Administer(ProcessNode node) => new(new S3ClientOptions
    {
        Endpoint = node.Endpoint,
        AccessKey = node.AccessKey,
        SecretKey = node.SecretKey,
    });
}

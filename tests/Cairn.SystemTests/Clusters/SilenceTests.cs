using System.Globalization;
using Cairn.Client.Admin;
using Cairn.Client.S3;
using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clusters;

/// <summary>
/// A node that is frozen and a drive that hangs answer nothing and refuse nothing: the worst kind of failure. Method: a
/// steady load through the other nodes before, during and after; no request may fail, and none may take long once the
/// first second is over. The ratios of percentiles are written and not asserted: they are the machine's, too.
/// </summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan FirstSecond = TimeSpan.FromSeconds(1);

    // Far above what is seen, far below the deadlines that would be waited for without detection.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(16_000)]
    [InlineData(1_000_000)]
    public async Task Frozen_node_fails_no_request_and_is_healed_when_it_thaws(int size)
    {
        await using ProcessCluster cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        ProcessNode frozen = cluster.Nodes[3];
        await using SteadyLoad load = await SteadyLoad.StartAsync(
            [.. cluster.Nodes.Take(3).Select(TestEndpoint.Of)], workers: 6, size);
        await CompareAsync(
            load,
            $"frozen node, {size} bytes",
            () => Do(frozen.Freeze),
            () => Do(frozen.Thaw));
        foreach (ProcessNode node in cluster.Nodes)
        {
            await Healing.WaitAsync(node);
        }
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(1_000_000)]
    public async Task Hanging_drive_fails_no_request_and_is_healed_when_it_answers_again(int size)
    {
        ProcessCluster cluster = ProcessCluster.Prepare(nodes: 4, drivesPerNode: 1);
        LoopDrive drive = await LoopDrive.MountAsync(cluster.Nodes[3].DriveFolders[0], 2L << 30);
        try
        {
            await cluster.StartAsync();
            await using SteadyLoad load = await SteadyLoad.StartAsync(
                [.. cluster.Nodes.Select(TestEndpoint.Of)], workers: 6, size);
            await CompareAsync(load, $"hanging drive, {size} bytes", drive.FreezeAsync, drive.ThawAsync);
            await AssertSetAsideOnceAsync(cluster);
            foreach (ProcessNode node in cluster.Nodes)
            {
                await Healing.WaitAsync(node);
            }
        }
        finally
        {
            // The folder cannot be removed while something is mounted on it.
            await drive.DisposeAsync();
            await cluster.DisposeAsync();
        }
    }

    private static async Task CompareAsync(SteadyLoad load, string what, Func<Task> fall, Func<Task> rise)
    {
        await Task.Delay(Healthy);
        TimeSpan fell = load.Now;
        await fall();
        await Task.Delay(Silent);
        TimeSpan rose = load.Now;
        await rise();
        await Task.Delay(FirstSecond);
        await load.StopAsync();

        LoadSummary before = load.Between(FirstSecond, fell);
        LoadSummary during = load.Between(fell + FirstSecond, rose);
        Measured.Write($"{what}: healthy  {before}");
        Measured.Write($"{what}: first second  {load.Between(fell, fell + FirstSecond)}");
        Measured.Write($"{what}: silent   {during}");
        Measured.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: p99 silent/healthy  GET {Ratio(before, during, isWrite: false):F2}  PUT {Ratio(before, during, isWrite: true):F2}"));
        load.Everything().AssertNoFailure();
        Assert.True(during.Longest < Bound, $"A request took {during.Longest} after the first second.");
    }

    // It is aside for half a minute, which is not over: the last node's drive, as the first one sees it.
    private static async Task AssertSetAsideOnceAsync(ProcessCluster cluster)
    {
        ProcessNode asked = cluster.Nodes[0];
        string name = cluster.Nodes[3].Endpoint.Authority;
        using var admin = new AdminClient(new S3ClientOptions
        {
            Endpoint = asked.Endpoint,
            AccessKey = asked.AccessKey,
            SecretKey = asked.SecretKey,
        });
        ClusterStatus status = await admin.GetClusterAsync(CancellationToken.None);
        DriveStatus drive = Assert.Single(status.Nodes.Single(node => node.Name == name).Drives);
        Assert.Contains(drive.Aside, (string[])["lagging", "silent"]);
        Assert.Equal(1, asked.CountInLog($"Drive {drive.Id} of {name} is set aside"));
    }

    private static double Ratio(LoadSummary before, LoadSummary during, bool isWrite) =>
        during.Percentile(isWrite, 0.99) / before.Percentile(isWrite, 0.99);

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}

using System.Globalization;
using Amazon.S3;
using Cairn.SystemTests.Faults;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Chaos;

/// <summary>Real processes under faults, with the checker of the simulation: no answer may contradict the others.</summary>
/// <remarks>
/// CAIRN_CHAOS_MINUTES sets the length of the long run; CAIRN_CHAOS_SEED repeats the faults of one (not their moments).
/// The history is kept below artifacts/system-tests when it contradicts itself.
/// </remarks>
public sealed class ChaosTests
{
    private const int Clients = 6;

    // Two shards of data and two of parity; a pack is emptied when half of it is of no use; logs and an index.
    private const int Redundancy = 2;
    private const int MostWaste = 2;
    private const int EmptyMiB = 32;

    private static readonly TimeSpan DefaultLength = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Four_nodes_answer_as_one_store_while_they_are_killed_frozen_cut_off_and_full()
    {
        Assert.SkipWhen(NodeNetwork.WhyNot() is not null, NodeNetwork.WhyNot() ?? "");
        TimeSpan length = Number("CAIRN_CHAOS_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : DefaultLength;
        int seed = Number("CAIRN_CHAOS_SEED") ?? Random.Shared.Next();
        var history = new ChaosHistory();
        await using ChaosCluster cluster = await ChaosCluster.StartAsync();
        try
        {
            ChaosClient auditor = await RunAsync(cluster, history, length, seed);
            Report(history, $"{length.TotalSeconds:F0} s of chaos, seed {seed}");
            AssertInOrder(history);
            await auditor.AbortAllAsync();
            foreach (ProcessNode node in cluster.Nodes)
            {
                await Healing.WaitAsync(node);
            }

            long liveBytes = await auditor.AuditAllAsync();
            AssertInOrder(history);
            await AssertNothingIsLeftAsync(cluster, liveBytes);
        }
        catch (Exception)
        {
            string folder = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Artifacts, "system-tests")).FullName;
            string path = Path.Combine(folder, $"chaos-{seed}.txt");
            history.Save(path);
            foreach (ProcessNode node in cluster.Nodes)
            {
                node.KeepLog($"chaos-{seed}");
            }

            Report(history, $"seed {seed}, history in {path}");
            throw;
        }

        Assert.True(history.CountOf("put:ok") > length.TotalSeconds, $"The load hardly ran: {history.Summary}");
    }

    /// <returns>A client for the reading of everything, when all is quiet and the nodes answer again.</returns>
    private static async Task<ChaosClient> RunAsync(ChaosCluster cluster, ChaosHistory history, TimeSpan length, int seed)
    {
        using (AmazonS3Client first = S3Clients.Create(TestEndpoint.Of(cluster.Nodes[0]), retries: 3))
        {
            await first.PutBucketAsync(ChaosClient.Bucket);
        }

        var contents = new ChaosContents();
        using var stop = new CancellationTokenSource(length);
        var nemesis = new ChaosNemesis(cluster, seed, history);
        await Task.WhenAll(
        [
            nemesis.RunAsync(stop.Token),
            RemarkRoomAsync(cluster, history, stop.Token),
            .. Enumerable.Range(1, Clients).Select(number =>
                new ChaosClient($"client {number}", seed + number, cluster.Nodes, contents, history).RunAsync(stop.Token)),
        ]);
        foreach (ProcessNode node in cluster.Nodes)
        {
            while (!await node.IsReadyAsync())
            {
                Assert.True(node.IsRunning, $"{node.Endpoint} has ended:\n{node.LogTail}");
                // Another process has no event to await; the readiness address is its signal.
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }

        return new ChaosClient("auditor", seed, cluster.Nodes, contents, history);
    }

    private static async Task RemarkRoomAsync(ChaosCluster cluster, ChaosHistory history, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                history.Remark("MiB on the drives: " + Describe(cluster.MeasureRoom()));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the run.
        }
    }

    private static void AssertInOrder(ChaosHistory history)
    {
        if (history.FindViolation() is { } violation)
        {
            throw new ChaosViolationException(violation);
        }
    }

    /// <summary>What was replaced, deleted and aborted has to give its room back, or the drives of a long run fill up.</summary>
    private static async Task AssertNothingIsLeftAsync(ChaosCluster cluster, long liveBytes)
    {
        foreach (ProcessNode node in cluster.Nodes)
        {
            Assert.Equal(0, await node.StopAsync());
            await DriveInspection.AssertWholeAsync(node);
        }

        long[][] room = cluster.MeasureRoom();
        long live = liveBytes >> 20;
        string report = $"{live} MiB of objects on drives with {Describe(room)} MiB";
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        long used = room.Sum(node => node.Sum());
        int drives = room.Sum(node => node.Length);
        Assert.True(used < (live * Redundancy * MostWaste) + (drives * EmptyMiB), report);
    }

    private static string Describe(long[][] room) => string.Join("; ", room.Select(node => string.Join(' ', node)));

    private static void Report(ChaosHistory history, string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {history.Summary}");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}

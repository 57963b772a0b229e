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
            for (int node = 0; node < ChaosCluster.NodeCount; node++)
            {
                foreach (string key in history.Keys)
                {
                    await auditor.AuditAsync(node, key);
                }
            }

            if (history.FindViolation() is { } violation)
            {
                throw new ChaosViolationException(violation);
            }
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

    /// <returns>A client for the reading of everything, when all is quiet and the nodes say that they are whole.</returns>
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

            await Healing.WaitAsync(node);
        }

        return new ChaosClient("auditor", seed, cluster.Nodes, contents, history);
    }

    private static void Report(ChaosHistory history, string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {history.Summary}");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}

using System.Diagnostics;

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>A small operation through one node of a cluster of four on this machine, against a node with four drives.</summary>
/// <remarks>
/// All nodes share the machine, so operations are counted for each second of processor time that the server processes
/// use, warm-up included, and not for each second of the clock. Before, each node is asked for a while: a node that was
/// not asked yet would be measured compiling, and the single one is asked in every run.
/// </remarks>
internal sealed record ClusterRow(string Name, string Operation) : IHttpRow
{
    private const double Bar = 0.5;
    private const int Objects = 10_000;
    private const int FirstSeconds = 6;

    private static string Kept => $"--objects {Objects} --reuse";

    public string Description => $"{Operation} 4KiB from 64 clients through one of four nodes, for each core, against a single node";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess single = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: false));
        ServerProcess[] nodes = await ServerProcess.StartClusterAsync(ServerProcess.PickFolder(settings, isInMemory: false));
        try
        {
            if (Operation != "put")
            {
                string fill = $"--op put --size 4KiB --clients 64 --objects {Objects} --duration 5m --keep";
                await LoadGenerator.RunAsync(single, fill);
                await LoadGenerator.RunAsync(nodes[0], fill);
            }

            foreach (ServerProcess node in (ServerProcess[])[single, .. nodes])
            {
                await LoadGenerator.RunAsync(node, Arguments(Operation == "put" ? "--prefix before/" : Kept, FirstSeconds));
            }

            var ours = new List<double>();
            var theirs = new List<double>();
            for (int run = 0; run < settings.Runs; run++)
            {
                string arguments = Arguments(Operation == "put" ? $"--prefix run{run}/" : Kept, settings.Seconds);
                theirs.Add(await PerCoreAsync([single], single, arguments));
                ours.Add(await PerCoreAsync(nodes, nodes[run % nodes.Length], arguments));
            }

            double ratio = Spread.Of(ours.Zip(theirs, (o, t) => o / t)).Median;
            return
            [
                new(Name, Description, "op/s of a core", Spread.Of(ours), Spread.Of(theirs), ratio, $"{Bar:F2}x", ratio >= Bar),
            ];
        }
        finally
        {
            foreach (ServerProcess node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private string Arguments(string keys, int seconds) =>
        $"--op {Operation} --size 4KiB --clients 64 {keys} --keep --duration {LoadGenerator.Seconds(seconds)}";

    private static async Task<double> PerCoreAsync(ServerProcess[] all, ServerProcess asked, string arguments)
    {
        TimeSpan before = Total();
        long began = Stopwatch.GetTimestamp();
        LoadReport report = await LoadGenerator.RunAsync(asked, arguments);
        double cores = (Total() - before) / Stopwatch.GetElapsedTime(began);
        return report.OperationsPerSecond / cores;

        TimeSpan Total() => all.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.ReadProcessorTime());
    }
}

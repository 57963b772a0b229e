namespace Cairn.Benchmarks.Http.Rows;

/// <summary>How long the slowest gets take while one of four nodes is frozen, and while it is gone.</summary>
/// <remarks>
/// The fault comes before the load generator's warm-up of two seconds, so that its first second does not count; a request
/// that fails ends the row with an error.
/// </remarks>
internal sealed class DegradedRow : IHttpRow
{
    private const double Bar = 2;
    private const int Objects = 10_000;

    public string Name => "degraded";

    public string Description => "get 4KiB, p99, with one of four nodes frozen or gone, against all four";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        ServerProcess[] nodes = await ServerProcess.StartClusterAsync(ServerProcess.PickFolder(settings, isInMemory: false));
        try
        {
            string objects = $"--size 4KiB --objects {Objects} --clients 16 --keep";
            await LoadGenerator.RunAsync(nodes[0], $"--op put {objects} --duration 5m");
            string get = $"--op get {objects} --reuse --duration {LoadGenerator.Seconds(settings.Seconds)}";
            ServerProcess victim = nodes[^1];

            // Not counted: a node that has just started is slowest of all, and would make any fault look harmless.
            await MeasureAsync(nodes[0], get, runs: 1);
            Spread healthy = await MeasureAsync(nodes[0], get, settings.Runs);
            victim.Signal("STOP");
            Spread frozen = await MeasureAsync(nodes[0], get, settings.Runs);
            victim.Signal("KILL");
            Spread gone = await MeasureAsync(nodes[0], get, settings.Runs);
            return [Figure("frozen", frozen, healthy), Figure("gone", gone, healthy)];
        }
        finally
        {
            foreach (ServerProcess node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<Spread> MeasureAsync(ServerProcess asked, string arguments, int runs)
    {
        var p99 = new List<double>();
        for (int run = 0; run < runs; run++)
        {
            p99.Add((await LoadGenerator.RunAsync(asked, arguments)).P99Ms);
        }

        return Spread.Of(p99);
    }

    private HttpFigure Figure(string what, Spread p99, Spread healthy)
    {
        double ratio = p99.Median / healthy.Median;
        return new HttpFigure(Name, $"get p99, one of four nodes {what}", "ms", p99, healthy, ratio, $"under {Bar:F0}x", ratio < Bar);
    }
}

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>Rates of small operations as the store grows: at 10 thousand keys, at a tenth of --keys and at --keys.</summary>
internal sealed class GrowthRow : IHttpRow
{
    private const double Bar = 0.7;
    private const int FirstKeys = 10_000;

    public string Name => "growth";

    public string Description => "put 4KiB and get 100 bytes as the number of keys grows (to --keys)";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: false));
        var figures = new List<HttpFigure>();
        Spread? firstPut = null;
        Spread? firstGet = null;
        int held = 0;
        foreach (int keys in new[] { FirstKeys, settings.Keys / 10, settings.Keys })
        {
            if (keys <= held)
            {
                continue;
            }

            string filled = $"--size 100 --folders 1000 --prefix fill{keys}/ --clients 64 --objects {keys - held} --keep";
            await LoadGenerator.RunAsync(cairn, $"--op put {filled} --duration 240m");
            held = keys;
            string duration = $"--duration {LoadGenerator.Seconds(settings.Seconds)}";
            var puts = new List<double>();
            var gets = new List<double>();
            for (int run = 0; run < settings.Runs; run++)
            {
                puts.Add(await RateAsync(cairn, $"--op put --size 4KiB --clients 64 {duration} --prefix put{keys}/{run}/ --keep"));

                // At random over (almost) all keys, so that neither caches nor newest files can answer.
                gets.Add(await RateAsync(cairn, $"--op get {filled} --reuse {duration}"));
            }

            Spread put = Spread.Of(puts);
            Spread get = Spread.Of(gets);
            figures.Add(Figure($"put at {keys:N0} keys", put, firstPut ??= put));
            figures.Add(Figure($"get at {keys:N0} keys", get, firstGet ??= get));
        }

        return figures;
    }

    private static async Task<double> RateAsync(ServerProcess cairn, string arguments) =>
        (await LoadGenerator.RunAsync(cairn, arguments)).OperationsPerSecond;

    private HttpFigure Figure(string what, Spread rate, Spread first)
    {
        double ratio = rate.Median / first.Median;
        return new HttpFigure(Name, what, "op/s", rate, first, ratio, $"{Bar:F2}x of the first", ratio >= Bar);
    }
}

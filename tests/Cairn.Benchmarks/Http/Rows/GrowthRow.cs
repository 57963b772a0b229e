namespace Cairn.Benchmarks.Http.Rows;

/// <summary>Rates of small operations as the store grows: at 10 thousand keys, at --keys and at ten times --keys.</summary>
internal sealed class GrowthRow : IHttpRow
{
    private const double Bar = 0.7;
    private const int FirstKeys = 10_000;

    public string Name => "growth";

    public string Description => "put and get 4KiB as the number of keys grows (to ten times --keys)";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: false));
        var figures = new List<HttpFigure>();
        Spread? firstPut = null;
        Spread? firstGet = null;
        int held = 0;
        foreach (int keys in new[] { FirstKeys, settings.Keys, 10 * settings.Keys })
        {
            string fill = $"--op put --size 100 --folders 1000 --prefix fill{keys}/ --clients 64 --duration 240m --keep";
            await LoadGenerator.RunAsync(cairn, $"{fill} --objects {keys - held}");
            held = keys;
            string duration = $"--size 4KiB --clients 64 --duration {LoadGenerator.Seconds(settings.Seconds)}";
            var puts = new List<double>();
            var gets = new List<double>();
            for (int run = 0; run < settings.Runs; run++)
            {
                puts.Add(await RateAsync(cairn, $"--op put {duration} --prefix put{keys}/{run}/ --keep"));
                gets.Add(await RateAsync(cairn, $"--op get {duration} --prefix get{keys}/{run}/"));
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

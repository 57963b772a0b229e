namespace Cairn.Benchmarks.Http.Rows;

/// <summary>From the start of the process to its word that it is ready, with many keys on the drives.</summary>
internal sealed class StartRow : IHttpRow
{
    private const double SecondsBar = 2;

    public string Name => "start";

    public string Description => "start of a node that holds many keys (--keys)";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        string folder = ServerProcess.PickFolder(settings, isInMemory: false);
        ServerProcess cairn = await ServerProcess.StartCairnAsync(folder);
        try
        {
            await LoadGenerator.RunAsync(
                cairn, $"--op put --size 100 --folders 1000 --objects {settings.Keys} --duration 60m --clients 64 --keep");
            var times = new List<double>();
            for (int run = 0; run < settings.Runs; run++)
            {
                await cairn.StopAsync();
                cairn = await ServerProcess.StartCairnAsync(folder);
                times.Add(cairn.StartTime.TotalSeconds);
            }

            Spread spread = Spread.Of(times);
            return
            [
                new(Name, $"{settings.Keys:N0} keys", "s", spread, null, spread.Median, "under 2 s", spread.Median < SecondsBar),
            ];
        }
        finally
        {
            await cairn.DisposeAsync();
        }
    }
}

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>Resident memory of the node: idle, and at the end of each kind of load.</summary>
internal sealed class MemoryRow : IHttpRow
{
    private const double IdleMiBBar = 200;
    private const double LoadedMiBBar = 700;

    public string Name => "memory";

    public string Description => "resident memory, idle and under load";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: false));
        await Task.Delay(TimeSpan.FromSeconds(2));
        double idle = cairn.ReadResidentMiB();
        string duration = LoadGenerator.Seconds(4 * settings.Seconds);
        double mixed = await PeakAsync(cairn, $"--op mixed --size 4KiB --clients 64 --duration {duration}");
        double large = await PeakAsync(cairn, $"--op put=1,get=1 --size 64MiB --clients 8 --objects 16 --duration {duration}");
        await LoadGenerator.RunAsync(
            cairn, $"--op put --size 100 --folders 1000 --objects {settings.Keys} --duration 60m --clients 64 --keep");
        double listing = await PeakAsync(
            cairn, $"--op list --size 100 --folders 1000 --objects {settings.Keys} --clients 1 --reuse --duration {duration}");
        return
        [
            Figure("idle", idle, IdleMiBBar),
            Figure("64 clients, mixed 4KiB", mixed, LoadedMiBBar),
            Figure("8 clients, put and get 64MiB", large, LoadedMiBBar),
            Figure($"listing {settings.Keys:N0} keys", listing, LoadedMiBBar),
        ];
    }

    private HttpFigure Figure(string what, double value, double bar) =>
        new(Name, what, "MiB", new Spread(value, value, value), null, value, $"under {bar:F0} MiB", value < bar);

    private static async Task<double> PeakAsync(ServerProcess cairn, string arguments)
    {
        Task<LoadReport> load = LoadGenerator.RunAsync(cairn, arguments);
        double peak = 0;
        while (!load.IsCompleted)
        {
            peak = Math.Max(peak, cairn.ReadResidentMiB());
            await Task.WhenAny(load, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        await load;
        return peak;
    }
}

using System.Diagnostics;
using System.Net;
using Cairn.Benchmarks.Drives;

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>An emptied drive is rebuilt: how fast beside nobody, and what is left to clients meanwhile.</summary>
/// <remarks>
/// Rebuilt from the other three, verified and durable; the limit is one file of the same size written to the same device
/// and synced. From the start of the node to its word that everything is copied: that the drive counts as whole comes a
/// minute after its start at the earliest, when nothing can be under way any more that began before.
/// </remarks>
internal sealed class RebuildRow : IHttpRow
{
    private const double SpeedBar = 0.5;
    private const double ClientBar = 0.7;
    private const int Large = 32;
    private const long LargeBytes = 64L << 20;
    private const int DataShards = 2;

    public string Name => "rebuild";

    public string Description => "an emptied drive of four, 2 GiB of 64 MiB objects";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        string folder = ServerProcess.PickFolder(settings, isInMemory: false);
        ServerProcess cairn = await ServerProcess.StartCairnAsync(folder);
        try
        {
            await LoadGenerator.RunAsync(
                cairn, $"--op put --size 64MiB --clients 2 --objects {Large} --duration 30m --prefix large/ --keep");
            const string Small = "--size 4KiB --clients 16 --objects 10000 --keep --prefix small/";
            await LoadGenerator.RunAsync(cairn, $"--op put {Small} --duration 30m");
            string get = $"--op get {Small} --reuse --duration {LoadGenerator.Seconds(settings.Seconds)}";

            var speeds = new List<double>();
            var limits = new List<double>();
            var busy = new List<double>();
            var quiet = new List<double>();
            for (int run = 0; run < settings.Runs; run++)
            {
                // On a node that has just started, too: it is slower than one that is warm.
                await cairn.StopAsync();
                cairn = await ServerProcess.StartCairnAsync(folder);
                quiet.Add((await LoadGenerator.RunAsync(cairn, get)).OperationsPerSecond);
                limits.Add(DeviceLimit.MeasureSequential(folder, Large * LargeBytes / DataShards));

                cairn = await RestartWithEmptyDriveAsync(cairn, folder);
                long began = Stopwatch.GetTimestamp();
                await WaitAsync(cairn, isCopiedEnough: true);
                speeds.Add(Large * LargeBytes / DataShards / Stopwatch.GetElapsedTime(began).TotalSeconds / (1 << 20));

                cairn = await RestartWithEmptyDriveAsync(cairn, folder);
                Task copied = WaitAsync(cairn, isCopiedEnough: true);
                busy.Add((await LoadGenerator.RunAsync(cairn, get)).OperationsPerSecond);
                if (copied.IsCompleted)
                {
                    throw new InvalidOperationException("The rebuild was over before the clients were: fewer --seconds.");
                }

                await copied;
                await WaitAsync(cairn, isCopiedEnough: false);
            }

            double speed = Spread.Of(speeds.Zip(limits, (s, l) => s / l)).Median;
            double left = Spread.Of(busy.Zip(quiet, (b, q) => b / q)).Median;
            return
            [
                new(Name, "bytes of the drive", "MiB/s", Spread.Of(speeds), Spread.Of(limits), speed, $"{SpeedBar:F2}x", speed >= SpeedBar),
                new(Name, "get 4KiB meanwhile", "op/s", Spread.Of(busy), Spread.Of(quiet), left, $"{ClientBar:F2}x", left >= ClientBar),
            ];
        }
        finally
        {
            await cairn.DisposeAsync();
        }
    }

    private static async Task<ServerProcess> RestartWithEmptyDriveAsync(ServerProcess cairn, string folder)
    {
        await cairn.StopAsync();
        string drive = Path.Combine(folder, "drive4");
        Directory.Delete(drive, recursive: true);
        Directory.CreateDirectory(drive);
        return await ServerProcess.StartCairnAsync(folder);
    }

    private static async Task WaitAsync(ServerProcess cairn, bool isCopiedEnough)
    {
        using var http = new HttpClient();
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"{cairn.Endpoint}/health/whole"));
            string health = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK
                || (isCopiedEnough && health.Contains("Rebuilding 100 %", StringComparison.Ordinal)))
            {
                return;
            }

            // Progress of another process: its health address is asked again.
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}

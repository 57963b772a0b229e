using System.Diagnostics;

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>Eight clients uploading in parts: nothing but the processor may be the limit.</summary>
internal sealed class MultipartPutRow : IHttpRow
{
    private const double Bar = 0.9;

    public string Name => "multipart-put";

    public string Description => "put 64MiB in parts of 16MiB from 8 clients, drives in memory";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: true));
        var rates = new List<double>();
        var busy = new List<double>();
        for (int run = 0; run < settings.Runs; run++)
        {
            TimeSpan before = ReadMachineIdle();
            long began = Stopwatch.GetTimestamp();
            LoadReport report = await LoadGenerator.RunAsync(
                cairn,
                "--op put --size 64MiB --part-size 16MiB --clients 8 --objects 64 --duration 60s --unsigned-payload --keep");
            TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
            busy.Add(1 - ((ReadMachineIdle() - before) / elapsed / Environment.ProcessorCount));
            rates.Add(report.BytesPerSecond / (1 << 20));
            await LoadGenerator.RunAsync(cairn, "--op delete --size 64MiB --clients 8 --objects 64 --reuse --duration 60s");
        }

        Spread share = Spread.Of(busy);
        return
        [
            new HttpFigure(
                Name,
                Description,
                "MiB/s",
                Spread.Of(rates),
                null,
                share.Median,
                $"{Bar:F2} of all cores busy",
                share.Median >= Bar),
        ];
    }

    // The fourth number of the first line of /proc/stat, in hundredths of a second, over all cores.
    private static TimeSpan ReadMachineIdle()
    {
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromMilliseconds(10 * long.Parse(fields[4], System.Globalization.CultureInfo.InvariantCulture));
    }
}

using System.Diagnostics;
using System.Security.Cryptography;

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>One client putting 64 MiB, against the hash that the ETag demands.</summary>
internal sealed class LargePutRow : IHttpRow
{
    private const double Bar = 0.8;

    public string Name => "large-put";

    public string Description => "put 64MiB from 1 client, drives in memory, against MD5 alone";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: true));
        var measured = new List<double>();
        var limit = new List<double>();
        for (int run = 0; run < settings.Runs; run++)
        {
            limit.Add(HashMiBPerSecond());

            // Few enough that memory holds them with their parity.
            LoadReport report = await LoadGenerator.RunAsync(
                cairn, "--op put --size 64MiB --clients 1 --objects 30 --duration 60s --unsigned-payload");
            measured.Add(report.BytesPerSecond / (1 << 20));
        }

        Spread ours = Spread.Of(measured);
        Spread theirs = Spread.Of(limit);
        double ratio = ours.Median / theirs.Median;
        return [new HttpFigure(Name, Description, "MiB/s", ours, theirs, ratio, $"{Bar:F2}x", ratio >= Bar)];
    }

    private static double HashMiBPerSecond()
    {
        byte[] content = new byte[64 << 20];
        new Random(1).NextBytes(content);
        long began = Stopwatch.GetTimestamp();
#pragma warning disable CA5351 // S3 defines the ETag as an MD5.
        MD5.HashData(content);
#pragma warning restore CA5351
        return 64 / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}

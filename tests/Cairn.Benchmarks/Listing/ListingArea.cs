using System.Diagnostics;
using System.Globalization;
using Cairn.Benchmarks.Measurement;
using Cairn.Objects.Listing;

namespace Cairn.Benchmarks.Listing;

/// <summary>Listings straight from the object store: pages of 1,000 keys, first pages, pages of common prefixes.</summary>
/// <remarks>Everything below S3 is in: drives on their files, quorum, resolution. HTTP and XML are in the area http.</remarks>
internal static class ListingArea
{
    private const double KeysPerSecondBar = 100_000;
    private const double FirstPageMsBar = 20;

    private static bool s_isMissed;

    public static int Run(string[] args)
    {
        RunAsync(ListingSettings.Parse(args)).GetAwaiter().GetResult();
        return s_isMissed ? 1 : 0;
    }

    private static async Task RunAsync(ListingSettings settings)
    {
        Console.WriteLine(MachineDescription.Read());
        var began = Stopwatch.GetTimestamp();
        await using var store = await FilledStore.OpenAsync(settings);
        Console.WriteLine(
            $"{settings.Keys:N0} keys in {settings.Folders:N0} folders on {settings.Drives} drives, " +
            $"ready after {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s\n");

        await MeasureRateAsync(store, settings, "keys/s, pages of 1,000", WalkAsync, KeysPerSecondBar);
        await MeasureRateAsync(store, settings, "versions/s, pages of 1,000", WalkVersionsAsync, KeysPerSecondBar);
        var query = new ObjectQuery { Bucket = FilledStore.Bucket };
        await MeasurePageAsync(store, settings, "first page of keys, ms", query);
        await MeasurePageAsync(store, settings, "first page of folders, ms", query with { Delimiter = "/" });
        await MeasurePageAsync(
            store, settings, "first page of one folder, ms", query with { Prefix = "folder-00007/", Delimiter = "/" });
    }

    private static async Task MeasureRateAsync(
        FilledStore store, ListingSettings settings, string name, Func<FilledStore, Task<int>> walk, double bar)
    {
        var rates = new List<double>();
        await walk(store);
        var started = Stopwatch.GetTimestamp();
        var allocated = 0L;
        var processor = TimeSpan.Zero;
        while (rates.Count < 3 || Stopwatch.GetElapsedTime(started) < settings.Time)
        {
            var before = GC.GetTotalAllocatedBytes();
            var used = Environment.CpuUsage.TotalTime;
            var began = Stopwatch.GetTimestamp();
            var keys = await walk(store);
            processor = (Environment.CpuUsage.TotalTime - used) / Math.Max(1, keys);
            rates.Add(keys / Stopwatch.GetElapsedTime(began).TotalSeconds);
            allocated = (GC.GetTotalAllocatedBytes() - before) / Math.Max(1, keys);
        }

        Print(name, rates, bar, isAtLeast: true, $"{allocated:N0} B and {processor.TotalMicroseconds:F1} us of processor per key");
    }

    private static async Task MeasurePageAsync(
        FilledStore store, ListingSettings settings, string name, ObjectQuery query)
    {
        var times = new List<double>();
        var started = Stopwatch.GetTimestamp();
        var rows = 0;
        var used = Environment.CpuUsage.TotalTime;
        while (times.Count < 30 || Stopwatch.GetElapsedTime(started) < settings.Time / 4)
        {
            var began = Stopwatch.GetTimestamp();
            var page = await store.Store.ListAsync(query, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            rows = page.Value!.Objects.Count + page.Value.CommonPrefixes.Count;
        }

        var processor = (Environment.CpuUsage.TotalTime - used) / times.Count;
        times.RemoveRange(0, 10);
        Print(name, times, FirstPageMsBar, isAtLeast: false, $"{rows:N0} rows, {processor.TotalMilliseconds:F2} ms of processor");
    }

    private static async Task<int> WalkAsync(FilledStore store)
    {
        var count = 0;
        string? after = "";
        while (after is not null)
        {
            var page = await store.Store.ListAsync(
                new ObjectQuery { Bucket = FilledStore.Bucket, After = after }, CancellationToken.None);
            count += page.Value!.Objects.Count;
            after = page.Value.Next;
        }

        return count;
    }

    private static async Task<int> WalkVersionsAsync(FilledStore store)
    {
        var count = 0;
        var query = new VersionQuery { Bucket = FilledStore.Bucket };
        while (true)
        {
            var page = (await store.Store.ListVersionsAsync(query, CancellationToken.None)).Value!;
            count += page.Versions.Count;
            if (page.NextKey is not { } next)
            {
                return count;
            }

            query = query with { AfterKey = next, AfterVersion = page.NextVersion };
        }
    }

    private static void Print(string name, List<double> values, double bar, bool isAtLeast, string note)
    {
        values.Sort();
        var median = values[values.Count / 2];
        var ratio = isAtLeast ? median / bar : bar / median;
        s_isMissed |= ratio < 1;
        var worst = isAtLeast ? values[0] : values[^1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-32} {median,12:N2} (worst {worst:N2}, {values.Count} runs, {note})  "
            + $"bar {bar:N0}: {ratio:F2}x {(ratio >= 1 ? "met" : "MISSED")}"));
    }
}

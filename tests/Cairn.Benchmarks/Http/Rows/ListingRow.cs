using System.Diagnostics;
using Cairn.Client.S3;

namespace Cairn.Benchmarks.Http.Rows;

/// <summary>Listing many keys: pages of 1,000, folders by delimiter, and how fast the first page comes.</summary>
internal sealed class ListingRow : IHttpRow
{
    private const double KeysPerSecondBar = 100_000;
    private const double FirstPageMsBar = 20;
    private const int Folders = 1_000;

    public string Name => "listing";

    public string Description => "list many keys (--keys) in pages of 1,000";

    public async Task<IReadOnlyList<HttpFigure>> MeasureAsync(HttpSettings settings)
    {
        await using ServerProcess cairn = await ServerProcess.StartCairnAsync(
            ServerProcess.PickFolder(settings, isInMemory: false));
        string layout = $"--size 100 --folders {Folders} --objects {settings.Keys}";
        await LoadGenerator.RunAsync(cairn, $"--op put {layout} --duration 60m --clients 64 --keep");

        var keys = new List<double>();
        var folders = new List<double>();
        for (int run = 0; run < settings.Runs; run++)
        {
            string duration = $"--clients 1 --reuse --duration {LoadGenerator.Seconds(settings.Seconds)}";
            keys.Add((await LoadGenerator.RunAsync(cairn, $"--op list {layout} {duration}")).ListedPerSecond);
            folders.Add((await LoadGenerator.RunAsync(cairn, $"--op list --by-folder {layout} {duration}")).OperationsPerSecond);
        }

        Spread first = await MeasureFirstPageAsync(cairn, delimiter: null, settings.Runs);
        Spread firstFolders = await MeasureFirstPageAsync(cairn, delimiter: "/", settings.Runs);
        Spread rate = Spread.Of(keys);
        Spread pages = Spread.Of(folders);
        return
        [
            new(
                Name,
                $"{settings.Keys:N0} keys, 1 client",
                "keys/s",
                rate,
                null,
                rate.Median,
                "100,000 keys/s",
                rate.Median >= KeysPerSecondBar),
            FirstPage("first page of 1,000 keys", first),
            FirstPage($"page of {Folders:N0} folders over all keys", firstFolders),
            new(Name, "pages of folders", "pages/s", pages, null, pages.Median, "none", true),
        ];
    }

    private HttpFigure FirstPage(string what, Spread time) =>
        new(Name, what, "ms", time, null, time.Median, "under 20 ms", time.Median < FirstPageMsBar);

    private static async Task<Spread> MeasureFirstPageAsync(ServerProcess cairn, string? delimiter, int runs)
    {
        using var client = new S3Client(new S3ClientOptions
        {
            Endpoint = new Uri(cairn.Endpoint),
            AccessKey = ServerProcess.AccessKey,
            SecretKey = ServerProcess.SecretKey,
        });
        var query = new S3ListQuery { Prefix = "bench/", Delimiter = delimiter };
        var times = new List<double>();

        // The first answer of a connection pays for connecting and for compilation; a user's second one does not.
        for (int i = 0; i < 3 + (4 * runs); i++)
        {
            long began = Stopwatch.GetTimestamp();
            await client.ListObjectsAsync("cairn-bench", query, CancellationToken.None);
            if (i >= 3)
            {
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        return Spread.Of(times);
    }
}

using System.Globalization;
using Cairn.Benchmarks.Http.Rows;

namespace Cairn.Benchmarks.Http;

/// <summary>Nodes from outside: <c>http [row...] [options]</c>, each row with its limit beside it.</summary>
internal static class HttpArea
{
    private static readonly IReadOnlyList<IHttpRow> Rows =
    [
        new RatioRow("small-put", "put", "4KiB", 64, Bar: 0.40),
        new RatioRow("small-overwrite", "put", "4KiB", 64, Bar: 0) { Overwrites = true },
        new RatioRow("small-get", "get", "4KiB", 64, Bar: 0.55),
        new RatioRow("head", "head", "4KiB", 64, Bar: 0.60),
        new RatioRow("large-get", "get", "64MiB", 4, Bar: 0.50) { IsInMemory = true },
        new LargePutRow(),
        new MultipartPutRow(),
        new ListingRow(),
        new MemoryRow(),
        new StartRow(),
        new GrowthRow(),
        new ClusterRow("cluster-put", "put"),
        new ClusterRow("cluster-get", "get"),
        new DegradedRow(),
        new RebuildRow(),
    ];

    private static string Usage =>
        $"""
        Usage: http [row...] [--runs 5] [--seconds 5] [--keys 1000000] [--drives folder] [--json file]
        Rows: {string.Join(", ", Rows.Select(row => row.Name))}; without a name all of them.
        --drives is where the nodes keep their data; rows that measure the processor use /dev/shm whatever it says.
        """;

    public static int Run(string[] args)
    {
        if (args is ["bare", var port, var size])
        {
            BareServer.RunAsync(ParseInt(port), ParseInt(size)).GetAwaiter().GetResult();
            return 0;
        }

        HttpSettings? settings = HttpSettings.Parse(args, out List<string> names);
        IHttpRow[] chosen = [.. Rows.Where(row => names.Count == 0 || names.Contains(row.Name))];
        if (settings is null || names.Any(name => Rows.All(row => row.Name != name)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var report = new HttpReport();
        foreach (IHttpRow row in chosen)
        {
            Console.Error.WriteLine($"== {row.Name}: {row.Description}");
            foreach (HttpFigure figure in row.MeasureAsync(settings).GetAwaiter().GetResult())
            {
                report.Add(figure);
            }
        }

        return report.Finish(settings.JsonPath);
    }

    private static int ParseInt(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

using Cairn.Benchmarks;
using Cairn.Benchmarks.Cluster;
using Cairn.Benchmarks.Drives;
using Cairn.Benchmarks.Http;
using Cairn.Benchmarks.Listing;

// Each area is one entry: dotnet run -c Release --project tests/Cairn.Benchmarks -- <area> [--quick] [options]
var areas = new SortedDictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["drives"] = DriveArea.Run,
    ["kernels"] = KernelArea.Run,
    ["http"] = HttpArea.Run,
    ["listing"] = ListingArea.Run,
    ["transport"] = TransportArea.Run,
};

if (args.Length > 0 && areas.TryGetValue(args[0], out var run))
{
    return run(args[1..]);
}

Console.Error.WriteLine($"Usage: Cairn.Benchmarks <area> [options]. Areas: {string.Join(", ", areas.Keys)}.");
return 2;

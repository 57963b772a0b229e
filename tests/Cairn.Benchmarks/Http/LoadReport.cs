using System.Text.Json;

namespace Cairn.Benchmarks.Http;

/// <summary>The figures of one run of the load generator.</summary>
internal sealed record LoadReport(
    double OperationsPerSecond, double BytesPerSecond, double ListedPerSecond, double ClientCores, double P99Ms)
{
    public static LoadReport Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return new LoadReport(
            Number(root, "operationsPerSecond"),
            Number(root, "bytesPerSecond"),
            Number(root, "listedPerSecond"),
            Number(root, "clientCores"),
            root.GetProperty("byOperation").EnumerateArray().Select(o => Number(o, "p99Ms")).DefaultIfEmpty().Max());
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}

using System.Diagnostics;

namespace Cairn.Cli.Bench;

/// <summary>One operation's part of a report. Latencies from the first byte sent to the last byte received.</summary>
internal sealed record OperationReport(
    string Operation,
    long Operations,
    long Failures,
    double OperationsPerSecond,
    double BytesPerSecond,
    double ListedPerSecond)
{
    public required double MeanMs { get; init; }

    public required double P50Ms { get; init; }

    public required double P90Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    public required double MaxMs { get; init; }

    public static OperationReport Build(BenchOperation operation, OperationStatistics total, double seconds)
    {
        LatencyHistogram latency = total.Latency;
        return new OperationReport(
            operation.ToString().ToLowerInvariant(),
            total.Operations,
            total.Failures,
            total.Operations / seconds,
            total.Bytes / seconds,
            total.Listed / seconds)
        {
            MeanMs = Milliseconds(latency.Mean),
            P50Ms = Milliseconds(latency.Quantile(0.5)),
            P90Ms = Milliseconds(latency.Quantile(0.9)),
            P99Ms = Milliseconds(latency.Quantile(0.99)),
            P999Ms = Milliseconds(latency.Quantile(0.999)),
            MaxMs = Milliseconds(latency.Max),
        };
    }

    private static double Milliseconds(double ticks) => ticks * 1_000 / Stopwatch.Frequency;
}

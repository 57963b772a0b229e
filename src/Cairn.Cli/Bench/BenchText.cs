using Cairn.Cli.Output;

namespace Cairn.Cli.Bench;

/// <summary>The report for people.</summary>
internal static class BenchText
{
    public static void Write(BenchReport report, TextWriter output)
    {
        output.WriteLine(Line(
            $"{report.Operation} {report.Size} from {report.Clients} clients for {report.Seconds:F1} s: {report.Endpoint}"));
        output.WriteLine(Line(
            $"{report.OperationsPerSecond:N0} op/s, {ByteSize.Format(report.BytesPerSecond)}/s, {report.Failures} failed"));
        if (report.ListedPerSecond > 0)
        {
            output.WriteLine(Line($"{report.ListedPerSecond:N0} keys/s listed"));
        }

        if (report.PerSecond.Count > 0)
        {
            long[] rates = [.. report.PerSecond.Select(second => second.Operations).Order()];
            output.WriteLine(Line(
                $"by second: slowest {rates[0]:N0}, median {rates[rates.Length / 2]:N0}, fastest {rates[^1]:N0} op/s"));
        }

        output.WriteLine(Line($"this client used {report.ClientCores:F2} cores"));
        output.WriteLine();
        output.WriteLine("           op/s        MiB/s    failed    p50 ms    p90 ms    p99 ms  p99.9 ms    max ms");
        foreach (OperationReport row in report.ByOperation)
        {
            string rates = Line(
                $"{row.Operation,-7}{row.OperationsPerSecond,8:N0} {row.BytesPerSecond / (1 << 20),12:F1} {row.Failures,9}");
            string latencies = Line(
                $"{row.P50Ms,9:F3} {row.P90Ms,9:F3} {row.P99Ms,9:F3} {row.P999Ms,9:F3} {row.MaxMs,9:F3}");
            output.WriteLine($"{rates} {latencies}");
        }

        if (report.FirstFailure is not null)
        {
            output.WriteLine();
            output.WriteLine($"first failure: {report.FirstFailure}");
        }
    }

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

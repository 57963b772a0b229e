namespace Cairn.Benchmarks.Http;

/// <summary>The median of several runs, and their extremes.</summary>
internal sealed record Spread(double Median, double Lowest, double Highest)
{
    public static Spread Of(IEnumerable<double> runs)
    {
        double[] sorted = [.. runs.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}

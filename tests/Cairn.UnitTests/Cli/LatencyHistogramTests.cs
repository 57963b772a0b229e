using Cairn.Cli.Bench;
using Xunit;

namespace Cairn.UnitTests.Cli;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_within_the_promised_error_of_the_exact_ones()
    {
        var random = new Random(7);
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 10))];
        var histogram = new LatencyHistogram();
        Array.ForEach(values, histogram.Record);
        Array.Sort(values);
        foreach (double share in new[] { 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999 })
        {
            long exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Quantile(share), exact - (exact / 128.0) - 1, exact + (exact / 128.0) + 1);
        }

        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values[^1], histogram.Quantile(1));
        Assert.Equal(values.Average(), histogram.Mean, values.Average() * 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(long.MaxValue)]
    public void Values_at_the_edges_of_buckets_are_counted(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(value);
        Assert.Equal(1, histogram.Count);
        Assert.Equal(value, histogram.Max);
        Assert.InRange(histogram.Quantile(0.5), value - (value / 128), value);
    }

    [Fact]
    public void Merging_is_as_if_one_had_counted_everything()
    {
        var left = new LatencyHistogram();
        var right = new LatencyHistogram();
        var both = new LatencyHistogram();
        for (int i = 1; i <= 1_000; i++)
        {
            (i % 3 == 0 ? left : right).Record(i * i);
            both.Record(i * i);
        }

        left.Add(right);
        Assert.Equal(both.Count, left.Count);
        Assert.Equal(both.Quantile(0.25), left.Quantile(0.25));
        Assert.Equal(both.Quantile(0.99), left.Quantile(0.99));
        Assert.Equal(both.Max, left.Max);
    }

    [Fact]
    public void An_empty_histogram_is_all_zeros()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0, 0.0), (histogram.Max, histogram.Mean));
        Assert.Equal(0, histogram.Quantile(0.5));
    }
}

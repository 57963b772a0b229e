using System.Globalization;

namespace Cairn.SystemTests.Harness;

/// <summary>What a stretch of a steady load was like.</summary>
internal sealed class LoadSummary(IReadOnlyList<LoadSample> samples)
{
    public int Count => samples.Count;

    public IReadOnlyList<LoadSample> Failures => [.. samples.Where(sample => sample.Failure is not null)];

    public TimeSpan Longest => samples.Count == 0 ? TimeSpan.Zero : samples.Max(sample => sample.Took);

    /// <summary>Of the good requests of a kind.</summary>
    public TimeSpan Percentile(bool isWrite, double share)
    {
        TimeSpan[] times = [.. samples.Where(s => s.IsWrite == isWrite && s.Failure is null).Select(s => s.Took).Order()];
        return times.Length == 0 ? TimeSpan.Zero : times[Math.Min(times.Length - 1, (int)(times.Length * share))];
    }

    /// <summary>Fails the test with the first failures unless every request was answered well.</summary>
    public void AssertNoFailure() => Assert.True(
        Failures.Count == 0,
        $"{Failures.Count} of {Count} requests failed:\n" + string.Join('\n', Failures.Take(10)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} requests, {Failures.Count} failed; GET p50 {Ms(false, 0.5):F1} p99 {Ms(false, 0.99):F1} ms, "
        + $"PUT p50 {Ms(true, 0.5):F1} p99 {Ms(true, 0.99):F1} ms, longest {Longest.TotalMilliseconds:F0} ms");

    private double Ms(bool isWrite, double share) => Percentile(isWrite, share).TotalMilliseconds;
}

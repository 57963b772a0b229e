namespace Cairn.Objects.Quorum;

/// <summary>Mean and spread of times, with more weight on the recent ones.</summary>
/// <remarks>
/// Concurrency: any caller; a lost update costs one sample.
/// See: Jacobson, "Congestion Avoidance and Control", 1988, with its gains of 1/8 and 1/4.
/// </remarks>
internal sealed class LatencyEstimate(TimeSpan initial)
{
    private double _mean = initial.TotalSeconds;
    private double _deviation = initial.TotalSeconds / 2;

    /// <summary>A time that hardly any sample exceeds.</summary>
    public TimeSpan Late => TimeSpan.FromSeconds(Volatile.Read(ref _mean) + (4 * Volatile.Read(ref _deviation)));

    public void Add(TimeSpan sample)
    {
        double error = sample.TotalSeconds - Volatile.Read(ref _mean);
        Volatile.Write(ref _mean, _mean + (error / 8));
        Volatile.Write(ref _deviation, _deviation + ((Math.Abs(error) - _deviation) / 4));
    }
}

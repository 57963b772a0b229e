namespace Cairn.Cluster.Membership.Detection;

/// <summary>Mean and spread of the round trips to one member, with more weight on the recent ones.</summary>
/// <remarks>See: Jacobson, "Congestion Avoidance and Control", 1988, with its gains of 1/8 and 1/4.</remarks>
internal sealed class RoundTripEstimate
{
    private double _deviation;

    /// <summary>Null before the first answer.</summary>
    public TimeSpan? Mean { get; private set; }

    /// <summary>A time that hardly any answer exceeds; zero before the first one.</summary>
    public TimeSpan Late => Mean is { } mean ? mean + TimeSpan.FromSeconds(4 * _deviation) : TimeSpan.Zero;

    public void Add(TimeSpan sample)
    {
        if (Mean is not { } mean)
        {
            Mean = sample;
            _deviation = sample.TotalSeconds / 2;
            return;
        }

        double error = (sample - mean).TotalSeconds;
        Mean = mean + TimeSpan.FromSeconds(error / 8);
        _deviation += (Math.Abs(error) - _deviation) / 4;
    }
}

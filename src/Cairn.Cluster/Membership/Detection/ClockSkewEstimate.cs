namespace Cairn.Cluster.Membership.Detection;

/// <summary>How far the clock of a member is ahead of ours.</summary>
/// <remarks>
/// Purpose: an answer carries the member's clock. It was read at some moment of the round trip; the middle of it is
/// wrong by at most half the round trip, so the quickest of the recent answers tells most.
/// See: RFC 5905 (NTP), clock filter, section 10.
/// </remarks>
internal sealed class ClockSkewEstimate
{
    private const int Samples = 8;

    private readonly Queue<(TimeSpan Skew, TimeSpan RoundTrip)> _samples = new(Samples);

    /// <summary>Positive when the member's clock is ahead. Null before the first answer.</summary>
    public TimeSpan? Skew { get; private set; }

    /// <summary>The estimate is wrong by no more than this, as far as clocks run evenly.</summary>
    public TimeSpan Error { get; private set; }

    /// <summary>Adds an answer.</summary>
    /// <param name="theirs">The member's clock when it answered.</param>
    /// <param name="ours">Our clock when the answer came.</param>
    /// <param name="roundTrip">By a monotonic clock.</param>
    public void Add(DateTimeOffset theirs, DateTimeOffset ours, TimeSpan roundTrip)
    {
        if (_samples.Count == Samples)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue((theirs - (ours - (roundTrip / 2)), roundTrip));
        (TimeSpan Skew, TimeSpan RoundTrip) quickest = _samples.MinBy(sample => sample.RoundTrip);
        Skew = quickest.Skew;
        Error = quickest.RoundTrip / 2;
    }

    /// <summary>Our own clock was set, or the member is another process: what was measured no longer counts.</summary>
    public void Reset()
    {
        _samples.Clear();
        Skew = null;
        Error = TimeSpan.Zero;
    }
}

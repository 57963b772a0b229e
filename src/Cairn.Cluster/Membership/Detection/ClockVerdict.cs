namespace Cairn.Cluster.Membership.Detection;

/// <summary>Whether a clock is to be named as wrong.</summary>
internal sealed class ClockVerdict
{
    // While nodes start one after the other the median is that of a few, perhaps of the wrong ones.
    private const int OffensesBeforeNamed = 5;

    private int _offenses;

    public bool IsNamed { get; private set; }

    /// <summary>Looks at the clock once more.</summary>
    /// <param name="deviation">From the median of all clocks.</param>
    /// <param name="limit">
    /// Beyond it the clock is wrong, below half of it right; in between nothing changes, or a clock at the limit would be
    /// named again and again.
    /// </param>
    /// <returns>Whether the verdict changed.</returns>
    public bool Judge(TimeSpan deviation, TimeSpan limit)
    {
        TimeSpan distance = deviation.Duration();
        _offenses = distance > limit ? Math.Min(_offenses + 1, OffensesBeforeNamed) : 0;
        bool wasNamed = IsNamed;
        IsNamed = IsNamed ? distance >= limit / 2 : _offenses == OffensesBeforeNamed;
        return IsNamed != wasNamed;
    }
}

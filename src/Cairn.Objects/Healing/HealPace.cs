namespace Cairn.Objects.Healing;

/// <summary>How healing spaces its attempts.</summary>
public sealed record HealPace
{
    /// <summary>Pause before trying again what could not be healed; doubles from attempt to attempt.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Wait after a write missed a drive that is there: the journal's line must be durable first, and a drive that
    /// hiccups misses many.
    /// </summary>
    public TimeSpan MissedDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Of the time in which this node serves clients, how much each worker of a rebuild works; they take all of the rest.
    /// Above 0, at most 1.
    /// </summary>
    public double BusyShare { get; init; } = 0.1;
}

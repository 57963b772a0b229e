namespace Cairn.Objects.Rebalance;

/// <summary>How much of the store's strength moves may take.</summary>
public sealed record MovePace
{
    /// <summary>
    /// Positions that are on their way together. Each batch reads through the lists of what its drives hold once, so few
    /// large ones are cheaper; a stop waits for the batch under way.
    /// </summary>
    public int Batch { get; init; } = 128;

    /// <summary>Values that are brought at once.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Of the time, how much is spent on bringing; the rest belongs to clients. Above 0, at most 1.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Pause between looks at nodes that have yet to come along.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Pause while there is nothing to do, or nothing can be done.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a node that answers, but does not come along, holds up the others.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

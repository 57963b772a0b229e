namespace Cairn.Client.Admin;

/// <summary>A drive as the answering node knows it.</summary>
public sealed record DriveStatus
{
    public required string Id { get; init; }

    /// <summary>online, recovering, offline or poisoned.</summary>
    public required string State { get; init; }

    /// <summary>
    /// Why the answering node asks others first: node (its node is silent or leaves), silent (a call was never answered),
    /// lagging (much later than the others, again and again), ontrial (asked again, no answer in time yet); null when it
    /// does not. Each node judges by what it sees itself.
    /// </summary>
    public string? Aside { get; init; }

    /// <summary>What healing does for it: idle, catching, rebuilding or waiting. Its own node knows best.</summary>
    public required string Healing { get; init; }

    /// <summary>0..1 of the current run of healing; 1 when idle.</summary>
    public double HealProgress { get; init; } = 1;

    /// <summary>Values that could not be healed in the last pass.</summary>
    public long HealFailures { get; init; }

    /// <summary>Estimate for the current run; null when it cannot be told.</summary>
    public double? HealRemainingSeconds { get; init; }
}

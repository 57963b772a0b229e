namespace Cairn.Client.Admin;

/// <summary>A node as the answering one knows it.</summary>
public sealed record NodeStatus
{
    /// <summary>What the arguments and the layout call it.</summary>
    public required string Name { get; init; }

    /// <summary>starting, joining, active, leaving or failed; unknown of a node that was never heard of.</summary>
    public required string State { get; init; }

    /// <summary>Found silent, and has not denied it yet.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>Others reach it, the answering node does not.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Where clients reach it; null when not known.</summary>
    public string? Address { get; init; }

    /// <summary>Of the program it runs; null when not known.</summary>
    public string? Version { get; init; }

    public string? Zone { get; init; }

    /// <summary>Since it was last heard of; null: never, or it is the answering node.</summary>
    public double? SilentSeconds { get; init; }

    public double? RoundTripMs { get; init; }

    /// <summary>How far its clock is ahead of the median of all clocks.</summary>
    public double? ClockDeviationSeconds { get; init; }

    /// <summary>In the order of the layout.</summary>
    public required IReadOnlyList<DriveStatus> Drives { get; init; }
}

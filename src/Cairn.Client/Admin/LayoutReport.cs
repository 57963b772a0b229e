namespace Cairn.Client.Admin;

/// <summary>The layout that the nodes agree on, and how far its changes have come.</summary>
public sealed record LayoutReport
{
    /// <summary>Grows with every step of a change.</summary>
    public required long Epoch { get; init; }

    /// <summary>at rest, moving, or stopped.</summary>
    public required string State { get; init; }

    /// <summary>Shards of partitions that have yet to begin to move.</summary>
    public required int Waiting { get; init; }

    /// <summary>Shards of partitions whose copy is being made and verified.</summary>
    public required int UnderWay { get; init; }

    /// <summary>Partitions that drives have yet to drop, after their copies were verified elsewhere.</summary>
    public required int ToDrop { get; init; }

    /// <summary>What was moved since this change, or its continuation, began.</summary>
    public required LayoutMoved Moved { get; init; }

    /// <summary>Estimate of the values that are left to move; null before any have.</summary>
    public long? ObjectsLeft { get; init; }

    /// <summary>Estimate by the pace so far; null when it cannot be told, or is stopped.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Nodes that vote on the layout: a majority of them is needed to change it.</summary>
    public required IReadOnlyList<string> Voters { get; init; }

    /// <summary>By their numbers.</summary>
    public required IReadOnlyList<LayoutDriveReport> Drives { get; init; }

    /// <summary>Nodes that were started with the store's endpoints and their own, and wait to be taken in.</summary>
    public required IReadOnlyList<LayoutCandidate> Candidates { get; init; }
}

using Cairn.Objects.Formation;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Rebalance;

/// <summary>The agreed layout, and how far its changes have come.</summary>
public sealed record LayoutState
{
    public required StoreLayout Layout { get; init; }

    /// <summary>Who decides on changes: a majority of them.</summary>
    public required IReadOnlyList<string> Voters { get; init; }

    public required bool IsStopped { get; init; }

    /// <summary>Positions of partitions that have yet to begin to move.</summary>
    public required int Waiting { get; init; }

    /// <summary>Positions that both drives hold, while the copy is made and verified.</summary>
    public required int UnderWay { get; init; }

    /// <summary>Partitions that drives have yet to drop.</summary>
    public required int ToDrop { get; init; }

    /// <summary>By number of the drive: positions that it holds, and that it is to hold.</summary>
    public required IReadOnlyList<(int Holds, int WillHold)> Shares { get; init; }

    /// <summary>Of the nodes that answer.</summary>
    public required IReadOnlyList<NodeStanding> Standings { get; init; }

    /// <summary>Nodes that wait to be taken in.</summary>
    public required IReadOnlyList<NodeDescription> Candidates { get; init; }

    /// <summary>What was moved since the node that moves began to.</summary>
    public MoveCounts Moved => Standings.Select(standing => standing.Progress).MaxBy(counts => counts.Elapsed);

    /// <summary>Values that are left to move, by what the moves so far had; null before any is known.</summary>
    public long? ObjectsLeft => Moved.Positions == 0 ? null : Moved.Objects * (Waiting + UnderWay) / Moved.Positions;

    /// <summary>Until everything has moved, by the pace so far; null before that is known.</summary>
    public TimeSpan? Remaining =>
        Moved.Positions == 0 || IsStopped ? null : Moved.Elapsed * (Waiting + UnderWay) / Moved.Positions;
}

namespace Cairn.Client.Admin;

/// <summary>A cluster as one of its nodes sees it.</summary>
public sealed record ClusterStatus
{
    /// <summary>The id that all drives of the store carry.</summary>
    public required string Deployment { get; init; }

    /// <summary>The node that answers.</summary>
    public required string AnsweredBy { get; init; }

    /// <summary>Of that node's process: another one after every start.</summary>
    public required string Instance { get; init; }

    /// <summary>Every drive is online and nothing is known to be missing anywhere.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Single damaged shards that wait for their repair, as far as the answering node has met them.</summary>
    public required int QueuedRepairs { get; init; }

    public required LayoutStatus Layout { get; init; }

    /// <summary>Sorted by name.</summary>
    public required IReadOnlyList<NodeStatus> Nodes { get; init; }
}

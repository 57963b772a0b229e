namespace Cairn.Client.Admin;

/// <summary>What a change of the layout moves where.</summary>
public sealed record LayoutPlanReport
{
    /// <summary>The epoch that it was planned on; to be given when it is applied.</summary>
    public required long Epoch { get; init; }

    /// <summary>Shards of partitions that change their drive.</summary>
    public required int Moves { get; init; }

    /// <summary>By number, those that are new among them.</summary>
    public required IReadOnlyList<LayoutDriveReport> Drives { get; init; }

    /// <summary>From which drive to which, the most first.</summary>
    public required IReadOnlyList<LayoutTransfer> Transfers { get; init; }
}

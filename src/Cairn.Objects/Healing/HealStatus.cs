namespace Cairn.Objects.Healing;

/// <summary>How healing stands, for operators.</summary>
/// <param name="Drives">By position in the layout.</param>
/// <param name="QueuedRepairs">Single damaged shards that wait for their repair.</param>
/// <param name="Repaired">Single damaged shards repaired and verified since the start.</param>
/// <param name="IsWhole">Every drive is online and nothing is known to be missing.</param>
public sealed record HealStatus(
    IReadOnlyList<DriveHealStatus> Drives, int QueuedRepairs, long Repaired, bool IsWhole);

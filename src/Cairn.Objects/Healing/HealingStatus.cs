namespace Cairn.Objects.Healing;

/// <summary>The repair of the store at a glance.</summary>
/// <param name="Drives">By place in the layout.</param>
/// <param name="Queued">Versions found damaged by reads, waiting for repair.</param>
/// <param name="Repaired">Versions found damaged that were repaired since the start.</param>
public sealed record HealingStatus(IReadOnlyList<DriveHealing> Drives, int Queued, long Repaired);

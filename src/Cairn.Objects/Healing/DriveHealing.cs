using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>How far the repair of one drive has come.</summary>
/// <param name="Drive">The drive.</param>
/// <param name="Phase">What is being done.</param>
/// <param name="Registers">Registers (keys) looked at since it began.</param>
/// <param name="Repaired">Of them, those that lacked something and were read back whole.</param>
/// <param name="Failed">Of them, those that have to wait for drives that are away.</param>
/// <param name="Bytes">Shard bytes computed and written.</param>
/// <param name="ExpectedBytes">What the other drives hold, as an estimate of the whole; null when nothing is known.</param>
/// <param name="Began">When the current phase began.</param>
/// <param name="Remaining">Estimated from the pace so far; null when nothing can be said.</param>
public sealed record DriveHealing(
    DriveId Drive,
    HealingPhase Phase,
    long Registers,
    long Repaired,
    long Failed,
    long Bytes,
    long? ExpectedBytes,
    DateTimeOffset Began,
    TimeSpan? Remaining);

using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>What a repair of a register came to.</summary>
/// <param name="Whole">Positions that were read back and hold everything that counts. Empty when it is not certain what does.</param>
/// <param name="Bytes">Shard bytes that were computed and written.</param>
internal readonly record struct RepairOutcome(PositionSet Whole, long Bytes);

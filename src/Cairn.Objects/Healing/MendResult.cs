using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>What was found and done about the shards of one version.</summary>
/// <param name="Sound">Positions whose shards were all read to their end, after repair where it was needed.</param>
/// <param name="Bytes">Shard bytes that were computed and written.</param>
internal readonly record struct MendResult(PositionSet Sound, long Bytes);

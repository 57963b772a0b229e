using Cairn.Objects.Quorum;

namespace Cairn.Objects.Data;

/// <summary>Shards that were computed from others.</summary>
/// <param name="Positions">Positions whose drives now have the data, or get it inline with the accept.</param>
/// <param name="Inline">By position; null when the shards are files, sealed on their drives.</param>
internal readonly record struct RestoredShards(PositionSet Positions, IReadOnlyList<ReadOnlyMemory<byte>>? Inline);

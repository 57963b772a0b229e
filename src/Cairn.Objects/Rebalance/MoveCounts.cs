namespace Cairn.Objects.Rebalance;

/// <summary>What a node has moved since it began with the present change.</summary>
/// <param name="Positions">Positions of partitions that arrived.</param>
/// <param name="Objects">Values brought and verified.</param>
/// <param name="Bytes">Shard bytes among them.</param>
/// <param name="Elapsed">Time since it began.</param>
public readonly record struct MoveCounts(long Positions, long Objects, long Bytes, TimeSpan Elapsed);

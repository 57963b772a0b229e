namespace Cairn.Client.Admin;

/// <summary>What was moved.</summary>
/// <param name="Shards">Of partitions, that have arrived.</param>
/// <param name="Objects">Values copied and verified.</param>
/// <param name="Bytes">Of their shards.</param>
/// <param name="Seconds">Since it began.</param>
public sealed record LayoutMoved(long Shards, long Objects, long Bytes, double Seconds);

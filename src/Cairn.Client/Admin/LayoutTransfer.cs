namespace Cairn.Client.Admin;

/// <summary>Shards of partitions that go from one drive to another.</summary>
/// <param name="From">Id of the drive.</param>
/// <param name="To">Id of the drive.</param>
/// <param name="Shards">How many.</param>
public sealed record LayoutTransfer(string From, string To, int Shards);

namespace Cairn.Objects.Layout;

/// <summary>One position of a partition that goes from one drive to another.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="Position">Which of its shards.</param>
/// <param name="From">Number of the drive that holds it.</param>
/// <param name="To">Number of the drive that is to hold it.</param>
public readonly record struct PartitionMove(int Partition, int Position, int From, int To);

namespace Cairn.Objects.Layout;

/// <summary>A partition that a drive holds no more, and whose rows and shards it has yet to drop.</summary>
/// <remarks>
/// Purpose: until they are dropped the drive cannot take the partition again. What it still had could bring back what was
/// deleted meanwhile.
/// </remarks>
/// <param name="Drive">Number of the drive.</param>
/// <param name="Partition">Which partition.</param>
/// <param name="Since">Epoch from which the drive no longer holds it.</param>
internal readonly record struct Leftover(int Drive, int Partition, long Since) : IComparable<Leftover>
{
    public int CompareTo(Leftover other) => (Drive, Partition).CompareTo((other.Drive, other.Partition));
}

namespace Cairn.Objects;

/// <summary>Whether reads and writes find their quorums, by the drives that are there; from memory.</summary>
/// <param name="ReadQuorum">Drives of a partition that a read needs.</param>
/// <param name="WriteQuorum">Drives of a partition that a write of the class STANDARD needs.</param>
/// <param name="Partitions">All of them.</param>
/// <param name="Unreadable">Partitions with too few drives for reads.</param>
/// <param name="Unwritable">Partitions with too few drives for writes.</param>
public sealed record QuorumStatus(int ReadQuorum, int WriteQuorum, int Partitions, int Unreadable, int Unwritable)
{
    public bool CanRead => Unreadable == 0;

    public bool CanWrite => Unwritable == 0;
}

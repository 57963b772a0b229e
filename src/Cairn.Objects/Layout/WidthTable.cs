using Cairn.Objects.Data;

namespace Cairn.Objects.Layout;

/// <summary>How wide a partition is and how much of it is parity, where the operator says nothing.</summary>
internal static class WidthTable
{
    /// <summary>Beyond it, more drives per object cost more messages than they add safety.</summary>
    public const int MaxWidth = 16;

    /// <summary>From so many nodes on a partition takes one drive of each; below, drives are the failure domains.</summary>
    public const int MinNodesAsDomains = 4;

    /// <summary>Drives per partition for so many failure domains.</summary>
    public static int WidthFor(int domains) => domains switch
    {
        < 1 => throw new ArgumentOutOfRangeException(nameof(domains), domains, "A store has at least one drive."),
        < 4 => domains,
        > MaxWidth => MaxWidth,
        _ => domains - (domains % 2),
    };

    public static int StandardParityFor(int width) => width / 2;

    /// <summary>Half of the standard class's, but one where that has any.</summary>
    public static int ReducedParityFor(int standardParity) => Math.Min(standardParity, Math.Max(1, standardParity / 2));

    /// <summary>
    /// W: two of them always meet in a drive; one always holds enough shards to restore the data; and where data and
    /// parity are equal, one more, so that two halves of the drives cannot both take writes.
    /// </summary>
    public static int WriteQuorumFor(ErasureCode standard)
    {
        int majority = (standard.Total / 2) + 1;
        return Math.Max(majority, standard.DataShards);
    }
}

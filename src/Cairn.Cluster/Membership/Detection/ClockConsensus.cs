namespace Cairn.Cluster.Membership.Detection;

/// <summary>Finds whose clock is wrong, rather than whose differs from ours.</summary>
/// <remarks>
/// The median of all clocks, our own included, is taken for right as long as most clocks are. With two clocks nobody can
/// tell which one is wrong: the median lies between them and both are as far from it.
/// </remarks>
internal static class ClockConsensus
{
    /// <summary>Computes the median of the members' skews and our own (zero).</summary>
    public static TimeSpan ComputeMedian(IEnumerable<TimeSpan> skews)
    {
        TimeSpan[] sorted = [.. skews.Append(TimeSpan.Zero).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1
            ? sorted[middle]
            : sorted[middle - 1] + ((sorted[middle] - sorted[middle - 1]) / 2);
    }
}

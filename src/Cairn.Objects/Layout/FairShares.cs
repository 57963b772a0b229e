namespace Cairn.Objects.Layout;

/// <summary>How many positions each drive is to hold: by weight, as far as partitions can be spread so.</summary>
/// <remarks>
/// A zone holds no more of a partition than its share among the zones, a node no more than its share among the nodes, a
/// drive one position. So where one node has most of the drives, it gets less than their weight says. Shares that do not
/// fit are divided among the others (water filling), from zones down to drives. Where every partition has to have a node,
/// the node gets that much, whatever its weight.
/// </remarks>
internal static class FairShares
{
    // Halves the error from the number of all positions to far below one.
    private const int BisectionTurns = 64;

    /// <returns>By number of the drive; drives that leave have 0. The sum is that of all positions.</returns>
    public static int[] Of(IReadOnlyList<LayoutDrive> drives, int width)
    {
        int[] active = [.. Enumerable.Range(0, drives.Count).Where(index => drives[index].Duty == LayoutDuty.Active)];
        int[] shares = new int[drives.Count];
        int[][] zones = Group(active, index => drives[index].Zone);
        long[] perZone = Fill(
            zones, CeilingOf(width, zones.Length), drives, (long)width * StoreLayout.PartitionCount);
        int nodeCount = Group(active, index => drives[index].Node).Length;
        for (int zone = 0; zone < zones.Length; zone++)
        {
            int[][] nodes = Group(zones[zone], index => drives[index].Node);
            long[] perNode = Fill(nodes, CeilingOf(width, nodeCount), drives, perZone[zone]);
            for (int node = 0; node < nodes.Length; node++)
            {
                int[][] single = [.. nodes[node].Select(index => (int[])[index])];
                long[] perDrive = Fill(single, 1, drives, perNode[node]);
                for (int i = 0; i < single.Length; i++)
                {
                    shares[single[i][0]] = (int)perDrive[i];
                }
            }
        }

        return shares;
    }

    private static int CeilingOf(int width, int groups) => (width + groups - 1) / groups;

    private static int[][] Group(int[] drives, Func<int, string> keyOf) =>
        [.. drives.GroupBy(keyOf, StringComparer.Ordinal).Select(group => group.ToArray())];

    /// <summary>Divides a total by weight, none above its cap while others have room, none below what falls to each.</summary>
    private static long[] Fill(int[][] groups, int positionsOfPartition, IReadOnlyList<LayoutDrive> drives, long total)
    {
        long[] weights = [.. groups.Select(group => group.Sum(index => (long)drives[index].Weight))];
        long[] caps = CapsOf(groups, positionsOfPartition, total);
        long each = total / groups.Length / StoreLayout.PartitionCount * StoreLayout.PartitionCount;
        long[] lows = [.. caps.Select(cap => Math.Min(cap, each))];
        double low = 0;
        double high = total + 1.0;
        for (int turn = 0; turn < BisectionTurns; turn++)
        {
            double unit = (low + high) / 2;
            (low, high) = SharesAt(unit).Sum() < total ? (unit, high) : (low, unit);
        }

        return Round(SharesAt(high), total);

        double[] SharesAt(double unit) =>
            [.. weights.Select((weight, group) => Math.Clamp(unit * weight, lows[group], caps[group]))];
    }

    // Of a partition a group takes no more than its drives, and no more than its share; where that is too little for
    // all of it (a zone of one drive among zones of many), the larger groups take more.
    private static long[] CapsOf(int[][] groups, int positionsOfPartition, long total)
    {
        long[] caps;
        int allowed = positionsOfPartition;
        do
        {
            int limit = allowed++;
            caps = [.. groups.Select(group => (long)StoreLayout.PartitionCount * Math.Min(group.Length, limit))];
        }
        while (caps.Sum() < total && groups.Any(group => group.Length >= allowed));

        return caps;
    }

    private static long[] Round(double[] exact, long total)
    {
        long[] rounded = [.. exact.Select(share => (long)Math.Floor(share + 1e-9))];
        long missing = total - rounded.Sum();
        foreach (int group in Enumerable.Range(0, exact.Length)
            .OrderByDescending(group => exact[group] - rounded[group]).ThenBy(group => group)
            .Take((int)Math.Max(0, missing)))
        {
            rounded[group]++;
        }

        return rounded;
    }
}

using System.Buffers.Binary;
using Cairn.Primitives.Checksums;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>Computes which drives hold which partition: balanced by weight, spread over zones and nodes.</summary>
/// <remarks>
/// Purpose: pure and deterministic, so that every node and every run comes to the same table. The table is stored in
/// the layout all the same: a better planner must not move data that is already placed.
/// Invariants: the drives of a partition are distinct; two share a node (zone) only when there are fewer nodes (zones)
/// than drives in a partition; every drive comes at every position about equally often, so that data shards, which
/// reads prefer, spread over all drives.
/// </remarks>
public static class LayoutPlanner
{
    /// <summary>Plans the first layout of a store.</summary>
    /// <param name="drives">All drives; their order does not matter.</param>
    /// <param name="standardParity">Parity shards of STANDARD (EC:m); null: by the width table.</param>
    /// <param name="reducedParity">Parity shards of REDUCED_REDUNDANCY; null: half of STANDARD's.</param>
    /// <exception cref="ArgumentException">No or repeated drives, or parity above half of the width.</exception>
    public static StoreLayout PlanFirst(
        IReadOnlyList<LayoutDrive> drives, int? standardParity = null, int? reducedParity = null)
    {
        ArgumentNullException.ThrowIfNull(drives);
        LayoutDrive[] sorted = [.. drives.OrderBy(drive => drive.Id.Value)];
        int nodes = sorted.Select(drive => drive.Node).Distinct(StringComparer.Ordinal).Count();
        int width = WidthTable.WidthFor(nodes >= WidthTable.MinNodesAsDomains ? nodes : sorted.Length);
        int standard = standardParity ?? WidthTable.StandardParityFor(width);
        return new StoreLayout(
            epoch: 1, sorted, width, standard, reducedParity ?? WidthTable.ReducedParityFor(standard), Assign(sorted, width));
    }

    private static ushort[] Assign(LayoutDrive[] drives, int width)
    {
        ushort[] table = new ushort[StoreLayout.PartitionCount * width];
        long[] load = new long[drives.Length];
        int[,] timesAtPosition = new int[drives.Length, width];
        for (int partition = 0; partition < StoreLayout.PartitionCount; partition++)
        {
            List<int> chosen = Choose(drives, width, load, partition);
            for (int position = 0; position < width; position++)
            {
                int drive = chosen.MinBy(index => (timesAtPosition[index, position], Chance(drives[index].Id, partition)));
                chosen.Remove(drive);
                timesAtPosition[drive, position]++;
                table[(partition * width) + position] = (ushort)drive;
            }
        }

        return table;
    }

    private static List<int> Choose(LayoutDrive[] drives, int width, long[] load, int partition)
    {
        List<int> chosen = new(width);
        Dictionary<string, int> inZone = new(StringComparer.Ordinal);
        Dictionary<string, int> onNode = new(StringComparer.Ordinal);
        while (chosen.Count < width)
        {
            int best = Enumerable.Range(0, drives.Length).Except(chosen).MinBy(index => (
                inZone.GetValueOrDefault(drives[index].Zone),
                onNode.GetValueOrDefault(drives[index].Node),
                load[index],
                Chance(drives[index].Id, partition)));
            chosen.Add(best);
            inZone[drives[best].Zone] = inZone.GetValueOrDefault(drives[best].Zone) + 1;
            onNode[drives[best].Node] = onNode.GetValueOrDefault(drives[best].Node) + 1;
            load[best] += LoadUnit / drives[best].Weight;
        }

        return chosen;
    }

    /// <summary>Divisible finely enough that weights up to thousands keep their ratio.</summary>
    private const long LoadUnit = 1L << 40;

    private static ulong Chance(DriveId drive, int partition)
    {
        Span<byte> bytes = stackalloc byte[16 + sizeof(int)];
        drive.Value.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], partition);
        return XxHash64.Compute(bytes);
    }
}

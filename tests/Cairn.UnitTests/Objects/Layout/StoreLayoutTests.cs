using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Layout;

/// <summary>Where keys and drives are placed. Both are on disks for ever, so they are pinned byte by byte.</summary>
public sealed class StoreLayoutTests
{
    [Theory]
    [InlineData(1, "a", 729)]
    [InlineData(1, "b", 868)]
    [InlineData(2, "a", 790)]
    [InlineData(0x0123456789abcdef, "photos/2026/käse.jpg", 298)]
    public void Partition_of_an_object_never_changes(ulong bucket, string name, int partition) =>
        Assert.Equal(partition, PartitionOf(RegisterSpace.Objects, bucket, name));

    [Fact]
    public void Uploads_and_parts_lie_with_their_object()
    {
        int partition = PartitionOf(RegisterSpace.Objects, 7, "key");
        Assert.Equal(partition, PartitionOf(RegisterSpace.Uploads, 7, "key\0upload"));
        Assert.Equal(partition, PartitionOf(RegisterSpace.Parts, 7, "key\0upload\0\u0001"));
    }

    [Fact]
    public void Keys_of_any_length_are_placed_and_spread_evenly()
    {
        int[] counts = new int[StoreLayout.PartitionCount];
        for (int i = 0; i < 100 * counts.Length; i++)
        {
            counts[PartitionOf(RegisterSpace.Objects, 1, new string('k', i % 1024) + i)]++;
        }

        Assert.InRange(counts.Min(), 50, 100);
        Assert.InRange(counts.Max(), 100, 160);
    }

    [Fact]
    public void Document_of_format_1_has_the_bytes_of_its_golden_file() =>
        GoldenFile.Check(
            "Objects/Layout/layout.v1",
            LayoutCodec.Encode(LayoutPlanner.PlanFirst(Drives(nodes: 1, drivesPerNode: 4))));

    // The planner may change for new stores; a table that is stored is what counts.
    [Fact]
    public void Document_comes_back_as_it_was()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(nodes: 6, drivesPerNode: 3), standardParity: 2, reducedParity: 1);
        StoreLayout again = LayoutCodec.Decode(LayoutCodec.Encode(layout));
        Assert.Equal(layout.Drives, again.Drives);
        Assert.Equal(layout.Table.ToArray(), again.Table.ToArray());
        Assert.Equal(
            (layout.Epoch, layout.Width, layout.Standard, layout.ReducedRedundancy),
            (again.Epoch, again.Width, again.Standard, again.ReducedRedundancy));
    }

    [Theory]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 3", "has format 3")]
    [InlineData("\"width\": 4", "\"width\": 3", "damaged")]
    [InlineData("\"width\": 4", "\"broad\": 4", "damaged")]
    [InlineData("\"standardParity\": 2", "\"standardParity\": 3", "damaged")]
    [InlineData("\"weight\": 1", "\"weight\": 0", "damaged")]
    [InlineData("\"partitions\": \"", "\"partitions\": \"AAAA", "damaged")]
    [InlineData("\"partitions\": \"", "\"partitions\": \"////////", "damaged")]
    [InlineData("}", "", "damaged")]
    public void Damaged_or_newer_document_is_refused(string found, string replacement, string message)
    {
        string text = Encoding.UTF8.GetString(LayoutCodec.Encode(LayoutPlanner.PlanFirst(Drives(1, 4))));
        int at = text.IndexOf(found, StringComparison.Ordinal);
        string other = string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + found.Length));
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(
            () => LayoutCodec.Decode(Encoding.UTF8.GetBytes(other)));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(1, 3, 3, 1)]
    [InlineData(1, 4, 4, 2)]
    [InlineData(1, 7, 6, 3)]
    [InlineData(2, 2, 4, 2)]
    [InlineData(4, 4, 4, 2)]
    [InlineData(8, 1, 8, 4)]
    [InlineData(12, 1, 12, 6)]
    [InlineData(16, 4, 16, 8)]
    [InlineData(20, 2, 16, 8)]
    public void Width_and_parity_follow_from_nodes_and_drives(int nodes, int drivesPerNode, int width, int parity)
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(nodes, drivesPerNode));
        Assert.Equal((width, parity), (layout.Width, layout.StandardParity));
        Assert.True(layout.WriteQuorum + layout.ReadQuorum == width + 1 && 2 * layout.WriteQuorum > width);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 7)]
    [InlineData(4, 4)]
    [InlineData(6, 3)]
    [InlineData(5, 4)]
    [InlineData(20, 2)]
    public void Partitions_are_balanced_and_spread_over_nodes(int nodes, int drivesPerNode)
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(nodes, drivesPerNode));
        int[] load = new int[layout.Drives.Count];
        for (int partition = 0; partition < StoreLayout.PartitionCount; partition++)
        {
            ushort[] chosen = layout.DrivesOf(partition).ToArray();
            Assert.Equal(chosen.Length, chosen.Distinct().Count());
            int perNode = chosen.GroupBy(drive => layout.Drives[drive].Node).Max(node => node.Count());
            Assert.Equal((layout.Width + nodes - 1) / nodes, perNode);
            Array.ForEach(chosen, drive => load[drive]++);
        }

        double fair = (double)StoreLayout.PartitionCount * layout.Width / load.Length;
        Assert.All(load, count => Assert.InRange(count, fair * 0.95, fair * 1.05));
    }

    [Fact]
    public void Weight_gives_a_drive_its_share()
    {
        LayoutDrive[] drives = [.. Drives(1, 8).Select((drive, i) => drive with { Weight = i == 0 ? 1 : 2 })];
        StoreLayout layout = LayoutPlanner.PlanFirst(drives[..^1], standardParity: 2);
        int[] load = new int[layout.Drives.Count];
        foreach (ushort drive in layout.Table.ToArray())
        {
            load[drive]++;
        }

        int light = layout.Drives.ToList().FindIndex(drive => drive.Weight == 1);
        double fair = (double)load.Sum() / layout.Drives.Sum(drive => drive.Weight);
        Assert.InRange(load[light], fair * 0.95, fair * 1.05);
    }

    [Fact]
    public void Replaced_drive_hands_over_its_place_and_nothing_else_moves()
    {
        LayoutDrive[] drives = Drives(1, 4);
        StoreLayout layout = LayoutPlanner.PlanFirst(drives);
        LayoutDrive replacement = new(new DriveId(Guid.NewGuid()), "node1");
        StoreLayout next = layout.ReplaceDrive(drives[2].Id, replacement);
        Assert.Equal(layout.Epoch + 1, next.Epoch);
        Assert.Equal(layout.Table.ToArray(), next.Table.ToArray());
        Assert.Equal(replacement, next.Drives[layout.Drives.ToList().FindIndex(drive => drive.Id == drives[2].Id)]);
        Assert.Throws<ArgumentException>(() => next.ReplaceDrive(drives[2].Id, replacement));
    }

    [Fact]
    public void Drive_whose_place_was_taken_is_remembered_and_does_not_come_back()
    {
        LayoutDrive[] drives = Drives(1, 4);
        LayoutDrive replacement = new(new DriveId(Guid.NewGuid()), "node1");
        StoreLayout next = LayoutPlanner.PlanFirst(drives).ReplaceDrive(drives[2].Id, replacement);
        int place = next.Drives.ToList().IndexOf(replacement);
        StoreLayout read = LayoutCodec.Decode(LayoutCodec.Encode(next));
        Assert.Equal([new FormerDrive(drives[2].Id, place)], read.Former);
        Assert.Throws<ArgumentException>(() => read.ReplaceDrive(drives[3].Id, drives[2]));
        StoreLayout last = read.ReplaceDrive(replacement.Id, replacement with { Id = new DriveId(Guid.NewGuid()) });
        Assert.Equal([drives[2].Id, replacement.Id], last.Former.Select(former => former.Id));
        Assert.Equal(last.Former, last.Next(last.Drives, last.Table.ToArray(), last.Progress).Former);
    }

    private static int PartitionOf(RegisterSpace space, ulong bucket, string name) =>
        StoreLayout.PartitionOf(RegisterKey.Of(space, new BucketId(bucket), Encoding.UTF8.GetBytes(name)));

    private static LayoutDrive[] Drives(int nodes, int drivesPerNode) =>
    [
        .. Enumerable.Range(0, nodes * drivesPerNode).Select(i => new LayoutDrive(
            new DriveId(new Guid(i + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), $"node{1 + (i / drivesPerNode)}")),
    ];
}

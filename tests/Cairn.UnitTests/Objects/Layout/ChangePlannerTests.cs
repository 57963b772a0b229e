using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Layout;

/// <summary>Plans for random stores and random changes: fair, well spread, and no move too many.</summary>
public sealed class ChangePlannerTests
{
    private const int Samples = 60;

    [Fact]
    public void Fifth_node_takes_its_fifth_and_nothing_moves_between_the_others()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives("a", 4, 4));
        LayoutPlan plan = ChangePlanner.Plan(layout, new LayoutChange { Added = Drives("b", 1, 4) });
        Assert.All(plan.Moves, move => Assert.Equal("b0", plan.Layout.Drives[move.To].Node));
        Assert.InRange(plan.Moves.Count, 4 * 1024 / 5 * 0.99, 4 * 1024 / 5 * 1.01);
        AssertBalanced(plan);
        AssertSpread(plan, layout.Width);
    }

    [Fact]
    public void Drained_node_is_emptied_and_only_what_it_held_moves()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives("a", 5, 4));
        DriveId[] drained = [.. layout.Drives.Where(drive => drive.Node == "a0").Select(drive => drive.Id)];
        LayoutPlan plan = ChangePlanner.Plan(layout, new LayoutChange { Drained = drained });
        Assert.All(plan.Moves, move => Assert.Equal("a0", plan.Layout.Drives[move.From].Node));
        AssertBalanced(plan);
        AssertSpread(plan, layout.Width);
    }

    [Fact]
    public void Random_changes_are_fair_and_move_no_more_than_they_must()
    {
        for (int seed = 0; seed < Samples; seed++)
        {
            var random = new Random(seed);
            int nodes = random.Next(1, 9);
            int perNode = random.Next(1, 5);
            StoreLayout layout = LayoutPlanner.PlanFirst(Drives("a", nodes, perNode));
            LayoutChange change = Draw(random, layout);
            LayoutPlan plan;
            try
            {
                plan = ChangePlanner.Plan(layout, change);
            }
            catch (ArgumentException) when (change.Drained.Count > 0)
            {
                Assert.True(layout.Drives.Count + change.Added.Count - change.Drained.Count < layout.Width);
                continue;
            }

            AssertBalanced(plan, $"seed {seed}");
            AssertSpread(plan, layout.Width);
            AssertNoNeedlessMoves(layout, plan, seed);
        }
    }

    [Fact]
    public void Nothing_to_change_moves_nothing()
    {
        for (int nodes = 1; nodes < 9; nodes++)
        {
            StoreLayout layout = LayoutPlanner.PlanFirst(Drives("a", nodes, 3));
            Assert.InRange(ChangePlanner.Plan(layout, new LayoutChange()).Moves.Count, 0, layout.Drives.Count * 8);
        }
    }

    [Fact]
    public void Zones_that_are_told_later_separate_the_positions_of_each_partition()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives("a", 8, 1), standardParity: 2);
        var zones = Enumerable.Range(0, 8).ToDictionary(node => $"a{node}", node => node < 4 ? "east" : "west");
        LayoutPlan plan = ChangePlanner.Plan(layout, new LayoutChange { Zones = zones });
        Assert.Empty(plan.Moves);
        StoreLayout narrow = LayoutPlanner.PlanFirst(Drives("a", 4, 1));
        plan = ChangePlanner.Plan(narrow, new LayoutChange { Added = Drives("b", 4, 1) });
        plan = ChangePlanner.Plan(Arrive(plan.Layout), new LayoutChange
        {
            Zones = plan.Layout.Drives.ToDictionary(drive => drive.Node, drive => drive.Node[..1]),
        });
        AssertBalanced(plan);
        for (int partition = 0; partition < StoreLayout.PartitionCount; partition++)
        {
            Assert.Equal(2, TargetOf(plan, partition, narrow.Width).Count(drive => plan.Layout.Drives[drive].Zone == "a"));
        }
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives("a", 4, 1));
        DriveId stranger = new(Guid.NewGuid());
        Assert.Throws<ArgumentException>(() => ChangePlanner.Plan(layout, new LayoutChange { Drained = [stranger] }));
        Assert.Throws<ArgumentException>(() => ChangePlanner.Plan(layout, new LayoutChange { Drained = [layout.Drives[0].Id] }));
        Assert.Throws<ArgumentException>(() => ChangePlanner.Plan(layout, new LayoutChange { Added = [layout.Drives[0]] }));
        StoreLayout replaced = layout.ReplaceDrive(layout.Drives[0].Id, layout.Drives[0] with { Id = stranger });
        Assert.Contains(
            "was part of this store",
            Assert.Throws<ArgumentException>(
                () => ChangePlanner.Plan(replaced, new LayoutChange { Added = [layout.Drives[0]] })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ChangePlanner.Plan(
            layout, new LayoutChange { Zones = new Dictionary<string, string> { ["b"] = "east" } }));
        Assert.Throws<ArgumentException>(() => ChangePlanner.Plan(
            layout, new LayoutChange { Weights = new Dictionary<DriveId, int> { [layout.Drives[0].Id] = 0 } }));
    }

    private static LayoutChange Draw(Random random, StoreLayout layout)
    {
        LayoutDrive[] added = random.Next(3) > 0 ? Drives("b", random.Next(1, 3), random.Next(1, 5)) : [];
        string[] nodes = [.. layout.Drives.Select(drive => drive.Node).Distinct()];
        string drained = random.Next(2) == 0 ? nodes[random.Next(nodes.Length)] : "";
        Dictionary<DriveId, int> weights = [];
        if (random.Next(3) == 0)
        {
            weights = layout.Drives.ToDictionary(drive => drive.Id, _ => random.Next(2, 5));
        }

        return new LayoutChange
        {
            Added = added,
            Drained = [.. layout.Drives.Where(drive => drive.Node == drained).Select(drive => drive.Id)],
            Weights = weights,
        };
    }

    private static void AssertBalanced(LayoutPlan plan, string what = "")
    {
        for (int drive = 0; drive < plan.Shares.Count; drive++)
        {
            DriveShare share = plan.Shares[drive];
            Assert.True(
                share.WillHold >= Math.Floor(share.Fair * 0.95) && share.WillHold <= Math.Ceiling(share.Fair * 1.05),
                $"{what}: drive {drive}: {share}");
        }
    }

    // As well as the active nodes allow it: at most one more than on any other.
    private static void AssertSpread(LayoutPlan plan, int width)
    {
        ILookup<string, LayoutDrive> nodes = plan.Layout.Drives
            .Where(drive => drive.Duty == LayoutDuty.Active).ToLookup(drive => drive.Node);
        if (nodes.Any(node => node.Count() < (width + nodes.Count - 1) / nodes.Count))
        {
            return;
        }

        for (int partition = 0; partition < StoreLayout.PartitionCount; partition++)
        {
            int[] drives = TargetOf(plan, partition, width);
            Assert.Equal(width, drives.Distinct().Count());
            Assert.InRange(
                drives.GroupBy(drive => plan.Layout.Drives[drive].Node).Max(node => node.Count()),
                1,
                (width + nodes.Count - 1) / nodes.Count);
        }
    }

    // What a drive must give up, and what a better spread is worth.
    private static void AssertNoNeedlessMoves(StoreLayout layout, LayoutPlan plan, int seed)
    {
        int surplus = plan.Shares.Sum(share => Math.Max(0, share.Holds - share.Fair));
        int improvable = 0;
        for (int partition = 0; partition < StoreLayout.PartitionCount; partition++)
        {
            ushort[] drives = layout.DrivesOf(partition).ToArray();
            improvable += drives.Length - drives.Select(drive => layout.Drives[drive].Node).Distinct().Count();
        }

        Assert.True(
            plan.Moves.Count <= (surplus * 1.05) + improvable + 8,
            $"seed {seed}: {plan.Moves.Count} moves for a surplus of {surplus} and {improvable} better places");
    }

    private static int[] TargetOf(LayoutPlan plan, int partition, int width)
    {
        ReadOnlyMemory<ushort> table = plan.Layout.Progress.Target.IsEmpty
            ? plan.Layout.Table : plan.Layout.Progress.Target;
        return [.. table.Slice(partition * width, width).ToArray().Select(drive => (int)drive)];
    }

    private static StoreLayout Arrive(StoreLayout layout)
    {
        while (!layout.Progress.Target.IsEmpty)
        {
            layout = LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, int.MaxValue));
            layout = LayoutSteps.RaiseFloor(layout, layout.Epoch);
            layout = LayoutSteps.Finish(layout, layout.Progress.Joints.Keys);
        }

        return LayoutSteps.Drop(layout, layout.Progress.Leftovers);
    }

    private static LayoutDrive[] Drives(string prefix, int nodes, int drivesPerNode) =>
    [
        .. Enumerable.Range(0, nodes * drivesPerNode).Select(i => new LayoutDrive(
            new DriveId(new Guid(i + 1, (short)prefix[0], 3, 4, 5, 6, 7, 8, 9, 10, 11)), $"{prefix}{i / drivesPerNode}")),
    ];
}

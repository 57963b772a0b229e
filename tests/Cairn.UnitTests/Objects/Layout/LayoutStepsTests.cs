using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Layout;

/// <summary>Random walks through the steps of a change: what must hold between any two epochs that may be at work at once.</summary>
public sealed class LayoutStepsTests
{
    private const int Walks = 8;

    [Fact]
    public void Epochs_that_may_meet_share_a_drive_in_every_position()
    {
        for (int seed = 0; seed < Walks; seed++)
        {
            var random = new Random(seed);
            List<StoreLayout> history = [LayoutPlanner.PlanFirst(Drives(0, random.Next(2, 7)))];
            int added = 100;
            for (int step = 0; step < 60; step++)
            {
                StoreLayout next = Step(random, history[^1], ref added);
                history.Add(LayoutCodec.Decode(LayoutCodec.Encode(next)));
                AssertNeighbours([.. history.Where(layout => layout.Epoch >= next.Progress.Floor)]);
            }
        }
    }

    [Fact]
    public void Change_comes_to_its_end_and_leaves_nothing_behind()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(0, 5));
        layout = ChangePlanner.Plan(layout, new LayoutChange { Added = Drives(50, 1), Drained = [layout.Drives[0].Id] }).Layout;
        int rounds = 0;
        while (layout.IsChanging)
        {
            Assert.True(++rounds < 100);
            layout = LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, 64));
            layout = LayoutSteps.RaiseFloor(layout, layout.Epoch);
            layout = LayoutSteps.Finish(layout, layout.Progress.Joints.Keys);
            layout = LayoutSteps.Drop(layout, layout.Progress.Leftovers);
        }

        Assert.Equal(LayoutDuty.Left, layout.Drives[0].Duty);
        Assert.DoesNotContain((ushort)0, layout.Table.ToArray());
    }

    [Fact]
    public void Position_does_not_move_on_before_older_epochs_are_shut_out()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(0, 4));
        layout = ChangePlanner.Plan(layout, new LayoutChange { Added = Drives(50, 1) }).Layout;
        StoreLayout joint = LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, 8));
        Assert.Throws<ArgumentException>(() => LayoutSteps.Finish(joint, joint.Progress.Joints.Keys));
        StoreLayout early = LayoutSteps.RaiseFloor(joint, joint.Epoch - 1);
        Assert.Throws<ArgumentException>(() => LayoutSteps.Finish(early, early.Progress.Joints.Keys));
        StoreLayout shut = LayoutSteps.RaiseFloor(joint, joint.Epoch);
        Assert.Empty(LayoutSteps.Finish(shut, shut.Progress.Joints.Keys).Progress.Joints);
    }

    [Fact]
    public void Stopped_change_begins_no_more_moves()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(0, 4));
        layout = ChangePlanner.Plan(layout, new LayoutChange { Added = Drives(50, 1) }).Layout;
        StoreLayout stopped = LayoutSteps.Stop(layout, true);
        Assert.Empty(LayoutSteps.NextMoves(stopped, 8));
        Assert.Equal(8, LayoutSteps.NextMoves(LayoutSteps.Stop(stopped, false), 8).Count);
    }

    [Fact]
    public void Who_votes_stays_the_same_while_drives_move_or_are_replaced()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(0, 4));
        IReadOnlyList<string> founders = layout.Voters;
        layout = ChangePlanner.Plan(
            layout, new LayoutChange { Added = Drives(50, 1), Drained = [layout.Drives[1].Id] }).Layout;
        layout = LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, 1024));
        layout = LayoutSteps.RaiseFloor(layout, layout.Epoch);
        layout = LayoutSteps.Finish(layout, layout.Progress.Joints.Keys);
        layout = layout.ReplaceDrive(layout.Drives[2].Id, layout.Drives[2] with { Id = Drives(90, 1)[0].Id });
        Assert.Equal(4, founders.Count);
        Assert.Equal(founders, layout.Voters);
        Assert.Equal(founders, LayoutCodec.Decode(LayoutCodec.Encode(layout)).Voters);
    }

    [Fact]
    public void Voters_follow_the_nodes_one_at_a_time_and_the_former_ones_agree_to_each_change()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(0, 4));
        Assert.Null(LayoutSteps.NextVoters(layout, static _ => true));
        layout = ChangePlanner.Plan(
            layout, new LayoutChange { Added = Drives(50, 1), Drained = [layout.Drives[1].Id] }).Layout;
        string joined = layout.Drives[4].Node;
        string left = layout.Drives[1].Node;
        layout = LayoutSteps.RaiseFloor(LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, 1024)), layout.Epoch + 1);
        layout = LayoutSteps.Finish(layout, layout.Progress.Joints.Keys);
        layout = LayoutSteps.Drop(layout, layout.Progress.Leftovers);
        Assert.False(layout.IsChanging);
        Assert.Equal(left, Assert.Single(layout.Voters, voter => voter == left));

        StoreLayout five = LayoutSteps.NextVoters(layout, static _ => true)!;
        Assert.Equal(layout.Voters.Append(joined).Order(StringComparer.Ordinal), five.Voters);
        Assert.Equal(layout.Voters, LayoutCodec.Decode(LayoutCodec.Encode(five)).FormerVoters);
        StoreLayout agreed = LayoutSteps.NextVoters(five, static _ => true)!;
        Assert.Empty(agreed.FormerVoters);
        StoreLayout four = LayoutSteps.NextVoters(agreed, static _ => true)!;
        Assert.Equal(five.Voters.Except([left]), four.Voters);
        Assert.Equal(five.Voters, four.FormerVoters);
        Assert.Null(LayoutSteps.NextVoters(LayoutSteps.NextVoters(four, static _ => true)!, static _ => true));

        // A node that does not answer is none that a majority should count on.
        Assert.DoesNotContain(joined, LayoutSteps.NextVoters(layout, static _ => false)!.Voters);
    }

    [Fact]
    public void Document_of_format_2_has_the_bytes_of_its_golden_file()
    {
        StoreLayout layout = LayoutPlanner.PlanFirst(Drives(0, 4));
        layout = ChangePlanner.Plan(
            layout, new LayoutChange { Added = Drives(50, 1), Drained = [layout.Drives[1].Id] }).Layout;
        layout = LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, 3));
        layout = LayoutSteps.RaiseFloor(layout, layout.Epoch);
        layout = LayoutSteps.Finish(layout, [layout.Progress.Joints.Keys.First()]);
        GoldenFile.Check("Objects/Layout/layout.v2", LayoutCodec.Encode(LayoutSteps.Stop(layout, true)));
    }

    private static StoreLayout Step(Random random, StoreLayout layout, ref int added)
    {
        switch (random.Next(6))
        {
            case 0:
                try
                {
                    return ChangePlanner.Plan(layout, DrawChange(random, layout, ref added)).Layout;
                }
                catch (ArgumentException)
                {
                    return LayoutSteps.Stop(layout, false);
                }

            case 1:
                return LayoutSteps.Begin(layout, LayoutSteps.NextMoves(layout, random.Next(1, 200)));
            case 2:
                return LayoutSteps.RaiseFloor(layout, random.NextInt64(layout.Progress.Floor, layout.Epoch + 1));
            case 3:
                return LayoutSteps.Finish(layout, layout.Progress.Joints
                    .Where(joint => joint.Value.Since <= layout.Progress.Floor && random.Next(3) > 0)
                    .Select(joint => joint.Key));
            case 4:
                return LayoutSteps.Drop(layout, layout.Progress.Leftovers.Where(_ => random.Next(2) > 0));
            default:
                return LayoutSteps.Stop(layout, random.Next(3) == 0);
        }
    }

    private static LayoutChange DrawChange(Random random, StoreLayout layout, ref int added)
    {
        LayoutDrive[] known = [.. layout.Drives.Where(drive => drive.Duty != LayoutDuty.Left)];
        return random.Next(3) switch
        {
            0 => new LayoutChange { Added = Drives(added++, 1) },
            1 => new LayoutChange { Drained = [known[random.Next(known.Length)].Id] },
            _ => new LayoutChange { Kept = [known[random.Next(known.Length)].Id] },
        };
    }

    private static void AssertNeighbours(StoreLayout[] together)
    {
        for (int index = 0; index < together[^1].Table.Length; index++)
        {
            HashSet<int> everywhere = [.. MembersOf(together[0], index)];
            foreach (StoreLayout layout in together)
            {
                everywhere.IntersectWith(MembersOf(layout, index));
            }

            // One drive that all of them need: then any two of their quorums have an answer of the same drive in common.
            Assert.NotEmpty(everywhere);
        }
    }

    private static int[] MembersOf(StoreLayout layout, int index) =>
        layout.JointAt(index / layout.Width, index % layout.Width) is { } joint
            ? [layout.Table.Span[index], joint.Arriving]
            : [layout.Table.Span[index]];

    private static LayoutDrive[] Drives(int first, int count) =>
    [
        .. Enumerable.Range(first, count).Select(i => new LayoutDrive(
            new DriveId(new Guid(i + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), $"node{i}")),
    ];
}

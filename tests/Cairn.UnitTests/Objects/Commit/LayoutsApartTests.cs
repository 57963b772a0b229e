using Cairn.Drives;
using Cairn.Drives.Fencing;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit;

// Five drives, four of which hold the key's partition; one of its positions moves to the fifth. Two coordinators are a
// step apart, as the protocol allows: both are let in everywhere. What one of them takes for all drives is not all of them
// for the other. Further apart than that the fence has to keep them.
public sealed class LayoutsApartTests
{
    private static readonly RegisterKey Key = QuorumFixture.Key("a");

    // Held up for as long as a whole move takes. The last drive misses the write; the one that has come is not asked.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_write_by_a_layout_that_is_over_would_be_lost_and_is_refused_by_the_fence(bool isFenced) =>
        QuorumFixture.Run(5, async store =>
        {
            StoreLayout former = store.Engine.Layout;
            StoreLayout shut = Shut(Begin(former));
            StoreLayout moved = LayoutSteps.Finish(shut, shut.Progress.Joints.Keys);
            IDrive[] drives = await FenceAsync(store, isFenced ? shut.Progress.Floor : 0);
            await using StoreEngine behind = store.Compose(former, drives);
            await using StoreEngine ahead = store.Compose(moved, drives);
            FaultyDrive[] members = store.DrivesOf(Key);
            members[3].IsOffline = true;
            Assert.Equal(!isFenced, (await WriteAsync(behind, isRemoval: false)).IsOk);
            await store.SettleAsync();
            members[3].IsOffline = false;
            members[1].IsOffline = members[2].IsOffline = true;
            Assert.Null(await ReadAsync(ahead));
        });

    [Fact]
    public void A_removal_that_does_not_know_of_an_arriving_drive_brings_nothing_back_there() =>
        QuorumFixture.Run(5, async store =>
        {
            StoreLayout former = store.Engine.Layout;
            StoreLayout joint = Begin(former);
            IDrive[] drives = await FenceAsync(store, floor: 0);
            await using StoreEngine behind = store.Compose(former, drives);
            await using StoreEngine ahead = store.Compose(joint, drives);
            Assert.True((await WriteAsync(ahead, isRemoval: false)).IsOk);
            await store.SettleAsync();
            Assert.NotNull(await ReadAsync(behind));
            Assert.True((await WriteAsync(behind, isRemoval: true)).IsOk);
            await store.SettleAsync();
            Assert.Null(await ReadAsync(ahead));
        });

    [Fact]
    public void A_removal_that_does_not_reach_the_drive_that_left_brings_nothing_back_for_who_still_asks_it() =>
        QuorumFixture.Run(5, async store =>
        {
            StoreLayout shut = Shut(Begin(store.Engine.Layout));
            StoreLayout moved = LayoutSteps.Finish(shut, shut.Progress.Joints.Keys);
            IDrive[] drives = await FenceAsync(store, shut.Progress.Floor);
            await using StoreEngine behind = store.Compose(shut, drives);
            await using StoreEngine ahead = store.Compose(moved, drives);
            Assert.True((await WriteAsync(behind, isRemoval: false)).IsOk);
            await store.SettleAsync();
            Assert.True((await WriteAsync(ahead, isRemoval: true)).IsOk);
            await store.SettleAsync();
            Assert.Null(await ReadAsync(behind));
        });

    [Fact]
    public void Without_a_move_a_removal_is_forgotten() =>
        QuorumFixture.Run(5, async store =>
        {
            IDrive[] drives = await FenceAsync(store, floor: 0);
            await using StoreEngine engine = store.Compose(store.Engine.Layout, drives);
            Assert.True((await WriteAsync(engine, isRemoval: false)).IsOk);
            await store.SettleAsync();
            Assert.True((await WriteAsync(engine, isRemoval: true)).IsOk);
            await store.SettleAsync();
            foreach (FaultyDrive drive in store.Drives)
            {
                Assert.Empty((await drive.Inner.ReadAsync(Key, null, false, default)).Value.Entries);
            }
        });

    // An accept of an older epoch that comes after the drop would lie there until the partition returns to the drive.
    [Fact]
    public void A_drive_that_still_lets_in_older_layouts_drops_nothing() =>
        QuorumFixture.Run(
            5,
            async store =>
            {
                StoreLayout shut = Shut(Begin(store.Engine.Layout));
                StoreLayout left = Shut(LayoutSteps.Finish(shut, shut.Progress.Joints.Keys));
                IDrive[] drives = await FenceAsync(store, left.Progress.Floor);
                await using StoreEngine engine = store.Compose(left, drives);
                string late = left.Drives[Assert.Single(left.Progress.Leftovers).Drive].Node;
                Standings register = new(left);
                LayoutMover mover = new(
                    engine, register, left.Drives.Min(drive => drive.Node)!, new MovePace { Patience = TimeSpan.Zero });
                register.Set(node => node == late ? left.Progress.Floor - 1 : left.Progress.Floor);
                await mover.StepAsync(default);
                await store.SettleAsync();
                await mover.StepAsync(default);
                Assert.Single(register.Layout.Progress.Leftovers);
                register.Set(_ => left.Progress.Floor);
                await mover.StepAsync(default);
                Assert.Empty(register.Layout.Progress.Leftovers);
            },
            relayout: layout => LayoutPlanner.PlanFirst(
                [.. layout.Drives.Select((drive, number) => drive with { Node = "node" + number })]));

    private static StoreLayout Begin(StoreLayout layout)
    {
        int partition = StoreLayout.PartitionOf(Key);
        ushort[] present = layout.DrivesOf(partition).ToArray();
        ushort arriving = (ushort)Enumerable.Range(0, layout.Drives.Count).First(drive => !present.Contains((ushort)drive));
        return LayoutSteps.Begin(layout, [new PartitionMove(partition, 0, present[0], arriving)]);
    }

    private static StoreLayout Shut(StoreLayout layout) => LayoutSteps.RaiseFloor(layout, layout.Epoch);

    private static async Task<IDrive[]> FenceAsync(QuorumFixture store, long floor)
    {
        EpochFence[] fences = [.. store.Drives.Select(_ => new EpochFence())];
        foreach (EpochFence fence in fences)
        {
            await fence.RaiseAsync(floor, default);
        }

        return [.. store.Drives.Select((drive, number) => new FencedDrive(drive, fences[number]))];
    }

    private static ValueTask<ObjectResult<RegisterValue>> WriteAsync(StoreEngine engine, bool isRemoval) =>
        engine.Quorum.WriteAsync(
            Key,
            new RegisterDraft
            {
                Slot = VersionId.Null,
                IsRemoval = isRemoval,
                Body = isRemoval ? default : PlainRecords.Encode("one"),
            },
            default);

    private static async Task<string?> ReadAsync(StoreEngine engine)
    {
        ObjectResult<ResolvedRegister> read = await engine.Quorum.ReadAsync(Key, null, withInline: false, default);
        Assert.True(read.IsOk);
        return read.Value.Current is { } value ? PlainRecords.TextOf(value.Body) : null;
    }

    /// <summary>An agreement of one, and nodes that say what they are told to.</summary>
    private sealed class Standings(StoreLayout layout) : ILayoutRegister
    {
        private Func<string, long> _floors = _ => 0;

        public StoreLayout Layout { get; private set; } = layout;

        public void Set(Func<string, long> floors) => _floors = floors;

        public ValueTask<StoreLayout?> ReadAsync(CancellationToken cancellationToken) => new(Layout);

        public ValueTask<bool> TryChangeAsync(
            StoreLayout present, StoreLayout successor, CancellationToken cancellationToken)
        {
            Layout = successor;
            return new(true);
        }

        public ValueTask<IReadOnlyList<NodeStanding>> AskAsync(CancellationToken cancellationToken) => new(
            [.. Layout.Drives.Select(drive => new NodeStanding(drive.Node, Layout.Epoch, _floors(drive.Node)))]);
    }
}

using Cairn.Cluster.Topology;
using Cairn.Objects.Formation;
using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Formation;
using Xunit;

namespace Cairn.SimulationTests.Cluster;

/// <summary>Nodes start in any order, die and come back while a store is formed: there is one layout, with everybody's drives.</summary>
public sealed class LayoutFormationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void All_nodes_come_to_one_first_layout_whatever_the_order_and_the_crashes(int nodes) => Seeds(40, (world, random) =>
        world.Run(async () =>
        {
            SimFormation formation = new(world, nodes, 2);
            StoreLayout[] layouts = await Task.WhenAll(
                Enumerable.Range(0, nodes).Select(node => StartWithCrashesAsync(world, formation, node)));
            Assert.All(layouts, layout => AssertSame(layouts[0], layout));
            Assert.Equal(1, layouts[0].Epoch);
            Assert.Equal(
                formation.Descriptions.SelectMany(node => node.Drives).OrderBy(id => id.Value),
                layouts[0].Drives.Select(drive => drive.Id));
            Assert.All(layouts[0].Drives, drive => Assert.Contains(
                drive.Id, formation.Descriptions.Single(node => node.Name == drive.Node).Drives));
        }));

    [Fact]
    public void Replaced_drives_of_several_nodes_take_their_places_one_change_after_the_other() => Seeds(30, (world, _) =>
        world.Run(async () =>
        {
            SimFormation formation = new(world, 4, 2);
            StoreLayout first = (await StartAllAsync(formation, 4))[0];
            DriveId[] gone = [formation.Descriptions[1].Drives[0], formation.Descriptions[2].Drives[1]];
            DriveId[] fresh = [formation.ReplaceDrive(1, 0), formation.ReplaceDrive(2, 1)];
            StoreLayout[] layouts = await StartAllAsync(formation, 4);
            StoreLayout last = layouts.MaxBy(layout => layout.Epoch)!;
            Assert.Equal(first.Epoch + 2, last.Epoch);
            Assert.Equal(first.Table.ToArray(), last.Table.ToArray());
            for (int i = 0; i < gone.Length; i++)
            {
                int index = first.Drives.ToList().FindIndex(drive => drive.Id == gone[i]);
                Assert.Equal(first.Drives[index] with { Id = fresh[i] }, last.Drives[index]);
            }
        }));

    [Fact]
    public void Replaced_node_takes_the_places_of_its_predecessor() => Seeds(30, (world, _) =>
        world.Run(async () =>
        {
            SimFormation formation = new(world, 4, 1);
            StoreLayout first = (await StartAllAsync(formation, 4))[0];
            Assert.Empty(formation.Successors);
            formation.ReplaceNode(2);
            StoreLayout[] layouts = await StartAllAsync(formation, 4);
            // Or its drives would vote without knowing what their predecessors did.
            Assert.Equal([2], formation.Successors);
            StoreLayout last = layouts.MaxBy(layout => layout.Epoch)!;
            Assert.Equal(first.Epoch + 1, last.Epoch);
            Assert.Equal(formation.Descriptions[2].Drives[0], last.Drives.Single(drive => drive.Node == "node3:9000").Id);
        }));

    [Fact]
    public void Running_node_hears_of_a_drive_that_another_one_has_replaced() => Seeds(30, (world, _) =>
        world.Run(async () =>
        {
            SimFormation formation = new(world, 4, 2);
            await StartAllAsync(formation, 4);
            TaskCompletionSource<StoreLayout> heard = new();
            using CancellationTokenSource stop = new();
            Task watching = formation.Watches[0].RunAsync(
                layout =>
                {
                    heard.TrySetResult(layout);
                    return ValueTask.CompletedTask;
                },
                stop.Token);
            DriveId fresh = formation.ReplaceDrive(2, 1);
            await formation.StartAsync(2, CancellationToken.None);
            Assert.Contains((await heard.Task).Drives, drive => drive.Id == fresh);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        }));

    [Fact]
    public void Node_with_more_endpoints_waits_until_an_administrator_takes_it_in() => Seeds(30, (world, _) =>
        world.Run(async () =>
        {
            SimFormation formation = new(world, 4, 2, guests: 1);
            StoreLayout first = (await StartAllAsync(formation, 4))[0];
            using CancellationTokenSource stop = new(TimeSpan.FromSeconds(20), world.Root.Time);
            Assert.Null(await formation.StartAsync(4, stop.Token));
            Assert.Contains((4, 0), formation.Introductions);
            Assert.Contains(formation.Waits, wait => wait.Contains("cairn admin layout", StringComparison.Ordinal));
            AssertSame(first, (await formation.Registers[1].ReadAsync(CancellationToken.None))!);

            StoreLayout? taken = null;
            while (taken is null)
            {
                taken = await TakeInAsync(formation.Registers[1], formation.Descriptions[4]);
            }

            StoreLayout? joined = await formation.StartAsync(4, CancellationToken.None);
            Assert.Contains(joined!.Drives, drive => drive.Node == "node5:9000");
            Assert.Equal(first.Drives.Count + 2, joined.Drives.Count);

            // It votes on nothing, and is none of those that a majority is counted of.
            Assert.DoesNotContain("node5:9000", joined.Voters);
            Assert.NotNull(await formation.Registers[4].ReadAsync(CancellationToken.None));
        }));

    private static async Task<StoreLayout?> TakeInAsync(ILayoutRegister register, NodeDescription node)
    {
        StoreLayout? present = await register.ReadAsync(CancellationToken.None);
        if (present is null || present.HasNode(node.Name))
        {
            return present;
        }

        LayoutChange change = new() { Added = [.. node.Drives.Select(drive => new LayoutDrive(drive, node.Name))] };
        await register.TryChangeAsync(present, ChangePlanner.Plan(present, change).Layout, CancellationToken.None);
        return null;
    }

    [Fact]
    public void Node_says_for_whom_it_waits()
    {
        World world = new(1);
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 1);
            formation.Heal();
            using CancellationTokenSource stop = new(TimeSpan.FromSeconds(5), world.Root.Time);
            Assert.Null(await formation.StartAsync(1, stop.Token));
            Assert.Contains(formation.Waits, wait => wait.StartsWith("node1:9000, node3:9000 ", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Other_arguments_are_refused_with_the_difference()
    {
        World world = new(2);
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 1);
            formation.Heal();
            NodeDescription odd = formation.Descriptions[2];
            formation.Describe(2, odd with
            {
                Arguments = new ClusterArguments(["http://node1:9000/data"], [new("EC", "2")]),
            });
            Task<StoreLayout?> third = formation.StartAsync(2, CancellationToken.None);
            FormationException refused = await Assert.ThrowsAsync<FormationException>(
                () => formation.StartAsync(0, CancellationToken.None));
            Assert.Contains("node3:9000 was started with other arguments.", refused.Message, StringComparison.Ordinal);
            Assert.Contains(
                "http://node2:9000/data is given on node1:9000 and not on node3:9000.", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<FormationException>(() => third);
        });
    }

    [Fact]
    public void Node_with_more_drives_proposes_them_until_an_administrator_takes_them_in() => Seeds(30, (world, _) =>
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 2);
            StoreLayout first = (await StartAllAsync(formation, 3))[0];
            formation.Heal();
            DriveId fresh = formation.AddDrive(1);
            AssertSame(first, (await formation.StartAsync(1, CancellationToken.None))!);
            Assert.Empty(formation.Successors);

            using CancellationTokenSource stop = new();
            StoreLayout known = first;
            Task proposing = formation.ProposeAsync(1, () => known, stop.Token);
            await world.DelayAsync(TimeSpan.FromSeconds(5));
            Assert.Superset(new HashSet<(int, int)> { (1, 0), (1, 1), (1, 2) }, formation.Introductions);
            LayoutAdministration administration = formation.AdministrationOf(0);
            Assert.Equal([fresh], Assert.Single((await administration.GetAsync(CancellationToken.None))!.Candidates).Drives);
            LayoutAnswer applied = await administration.ApplyAsync(new LayoutWish(), seen: null, CancellationToken.None);
            Assert.Equal(LayoutOutcome.Done, applied.Outcome);
            known = (await formation.Registers[1].ReadAsync(CancellationToken.None))!;
            Assert.Equal("node2:9000", known.Drives.Single(drive => drive.Id == fresh).Node);

            // It has an end by itself.
            await proposing;
            Assert.Empty((await administration.GetAsync(CancellationToken.None))!.Candidates);
        }));

    // Which of the empty ones takes which place is all the same: all of them are rebuilt from others.
    [Fact]
    public void Drive_that_waits_to_be_added_may_take_the_place_of_one_that_is_lost()
    {
        World world = new(6);
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 2);
            StoreLayout first = (await StartAllAsync(formation, 3))[0];
            formation.Heal();
            formation.AddDrive(1);
            DriveId fresh = formation.ReplaceDrive(1, 0);
            StoreLayout next = (await formation.StartAsync(1, CancellationToken.None))!;
            Assert.Equal((first.Epoch + 1, first.Drives.Count), (next.Epoch, next.Drives.Count));
            Assert.Contains(next.Drives, drive => drive.Id == fresh);
        });
    }

    [Fact]
    public void Fewer_drives_than_the_store_has_are_refused()
    {
        World world = new(3);
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 2);
            await StartAllAsync(formation, 3);
            formation.Heal();
            NodeDescription odd = formation.Descriptions[1];
            formation.Describe(1, odd with { Drives = [odd.Drives[0]] });
            FormationException refused = await Assert.ThrowsAsync<FormationException>(
                () => formation.StartAsync(1, CancellationToken.None));
            Assert.Contains("formed with 2 drives on node2:9000", refused.Message, StringComparison.Ordinal);
        });
    }

    // Regression: it took the place of its successor, or one on another node, and voted there with what it held before.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Drive_that_was_replaced_is_refused_when_it_comes_back(int node)
    {
        World world = new(4);
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 1);
            await StartAllAsync(formation, 3);
            formation.Heal();
            NodeDescription old = formation.Descriptions[1];
            formation.ReplaceDrive(1, 0);
            await StartAllAsync(formation, 3);
            formation.Describe(node, formation.Descriptions[node] with { Drives = old.Drives });
            FormationException refused = await Assert.ThrowsAsync<FormationException>(
                () => formation.StartAsync(node, CancellationToken.None));
            Assert.Contains($"Drive {old.Drives[0]} on ", refused.Message, StringComparison.Ordinal);
            Assert.Contains("was replaced", refused.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Drive_of_another_node_is_refused_with_its_name()
    {
        World world = new(5);
        world.Run(async () =>
        {
            SimFormation formation = new(world, 3, 1);
            await StartAllAsync(formation, 3);
            formation.Heal();
            formation.Describe(2, formation.Descriptions[2] with { Drives = formation.Descriptions[1].Drives });
            FormationException refused = await Assert.ThrowsAsync<FormationException>(
                () => formation.StartAsync(2, CancellationToken.None));
            Assert.Contains("belongs to node2:9000", refused.Message, StringComparison.Ordinal);
        });
    }

    private static async Task<StoreLayout> StartWithCrashesAsync(World world, SimFormation formation, int node)
    {
        while (true)
        {
            await world.DelayAsync(world.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
            TimeSpan life = world.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(20));
            using CancellationTokenSource stop = new(life, world.Root.Time);
            if (await formation.StartAsync(node, stop.Token) is { } layout)
            {
                return layout;
            }
        }
    }

    private static async Task<StoreLayout[]> StartAllAsync(SimFormation formation, int nodes) =>
        (await Task.WhenAll(Enumerable.Range(0, nodes).Select(node => formation.StartAsync(node, CancellationToken.None))))!;

    private static void AssertSame(StoreLayout expected, StoreLayout actual) =>
        Assert.Equal(LayoutCodec.Encode(expected), LayoutCodec.Encode(actual));

    private static void Seeds(int count, Action<World, SimRandom> run)
    {
        for (ulong seed = 0; seed < (ulong)count; seed++)
        {
            World world = new(seed);
            run(world, world.Random);
        }
    }
}

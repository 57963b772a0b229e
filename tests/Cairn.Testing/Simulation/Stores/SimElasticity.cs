using Cairn.Drives;
using Cairn.Drives.Fencing;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>The layout that all agree on, and nodes that learn of it each at its own time.</summary>
/// <remarks>
/// Purpose: several coordinators over the same drives, one layout apart or more, some asleep with calls on their way. Each
/// drive is a node of its own with its own fence; the first nodes are coordinators too, with a mover each.
/// What it leaves out: the agreement itself, which is one variable here, and the network between nodes.
/// </remarks>
internal sealed class SimElasticity : ILayoutRegister
{
    private const int Coordinators = 3;

    // Each plan costs some ten milliseconds, which is much for a run.
    private const int UsualPlans = 4;
    private const int DensePlans = 40;
    private const double DenseChance = 0.25;

    private readonly World _world;
    private readonly StoreShape _shape;
    private readonly StoreMutation _mutation;
    private readonly SimRandom _random;
    private readonly int _mostPlans;
    private readonly TimeSpan _slowest;
    private readonly TimeSpan _longestNap;
    private List<SimLayoutNode> _nodes = [];
    private bool _isCalm = true;

    public SimElasticity(World world, StoreShape shape, StoreMutation mutation)
    {
        _world = world;
        _shape = shape;
        _mutation = mutation;
        _random = SimRandom.Named(world.Seed, "elasticity");
        Agreed = shape.FirstLayout;
        // Layouts that hardly ever rest: a hundred epochs and more in a run, many of them while one client waits. Drawn
        // apart, so that the other runs do not depend on it.
        bool isDense = SimRandom.Named(world.Seed, "density").Chance(DenseChance);
        _mostPlans = isDense ? DensePlans : UsualPlans;
        _slowest = TimeSpan.FromMilliseconds(_random.Pick<int>(isDense ? [5, 20, 50] : [50, 200, 1_000]));
        _longestNap = TimeSpan.FromMilliseconds(_random.Pick([300, 4_000, 25_000]));
        // Long ones let calls that a coordinator slept over still count when it wakes.
        DriveDeadline = TimeSpan.FromSeconds(_random.Pick([5, 30]));
    }

    public TimeSpan DriveDeadline { get; }

    public StoreLayout Agreed { get; private set; }

    /// <summary>For a failure report.</summary>
    public string Condition => $"epoch {Agreed.Epoch}, floor {Agreed.Progress.Floor}, {Agreed.Progress.Joints.Count} joint, "
        + $"{Agreed.Progress.Leftovers.Count} left over; "
        + string.Join(", ", _nodes.Select(node => $"{node.Name}: {node.Epoch}/{node.Floor}{(node.IsAsleep ? " asleep" : "")}"));

    /// <summary>Opens the coordinators, which learn the agreed layout first, as nodes that start do.</summary>
    public async Task<IReadOnlyList<ObjectStore>> OpenAsync(
        SimProcess process, IReadOnlyList<IDrive> drives, Func<StoreLayout, IReadOnlyList<IDrive>, ObjectStore> open)
    {
        _nodes = [.. drives.Select((_, index) => new SimLayoutNode("node" + index, new EpochFence(), Agreed.Epoch))];
        foreach (SimLayoutNode node in _nodes)
        {
            node.Fence.Know(Agreed.CallEpoch);
            await node.Fence.RaiseAsync(FloorOf(Agreed), CancellationToken.None);
            node.Floor = Agreed.Progress.Floor;
        }

        List<ObjectStore> stores = [];
        for (int index = 0; index < Math.Min(Coordinators, _nodes.Count); index++)
        {
            SimLayoutNode node = _nodes[index];
            node.Reached = [.. drives.Select((drive, other) =>
                new SimCall(new FencedDrive(drive, _nodes[other].Fence), node, process, _random))];
            node.Store = open(SeenBy(index, Agreed), ThoseIn(Agreed, node.Reached));
            node.Store.StartMoving(this, node.Name, new MovePace
            {
                Batch = _random.Pick([64, 300, 1024]),
                Share = 1,
                Pause = _slowest,
                Rest = 2 * _slowest,
            });
            stores.Add(node.Store);
        }

        for (int index = 0; index < _nodes.Count; index++)
        {
            int number = index;
            process.Work.Start(() => FollowAsync(process, number));
            process.Work.Start(() => DozeAsync(process, _nodes[number]));
        }

        return stores;
    }

    public ValueTask<StoreLayout?> ReadAsync(CancellationToken cancellationToken) => new(Agreed);

    public async ValueTask<bool> TryChangeAsync(
        StoreLayout present, StoreLayout successor, CancellationToken cancellationToken)
    {
        await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
        if (present.Epoch != Agreed.Epoch)
        {
            return false;
        }

        Agreed = LayoutCodec.Decode(LayoutCodec.Encode(successor));
        _world.Record("layout", $"epoch {successor.Epoch}, floor {successor.Progress.Floor}, {successor.Progress.Joints.Count} joint, "
            + $"{successor.Progress.Leftovers.Count} left over, {(successor.Progress.Target.IsEmpty ? "at rest" : "moving")}");
        if (_mutation.SkipsCopies)
        {
            int[] ready = [.. Agreed.Progress.Joints
                .Where(joint => joint.Value.Since <= Agreed.Progress.Floor).Select(joint => joint.Key)];
            Agreed = ready.Length > 0 ? LayoutSteps.Finish(Agreed, ready) : Agreed;
        }

        return true;
    }

    public async ValueTask<IReadOnlyList<NodeStanding>> AskAsync(CancellationToken cancellationToken)
    {
        await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
        return [.. _nodes.Where(node => !node.IsAsleep)
            .Select(node => new NodeStanding(node.Name, node.Epoch, node.Floor))];
    }

    /// <summary>An administrator wants something; nothing happens when it cannot be had now.</summary>
    public async Task<bool> TryApplyAsync(Func<StoreLayout, StoreLayout> change)
    {
        StoreLayout present = Agreed;
        try
        {
            return await TryChangeAsync(present, change(present), CancellationToken.None);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Adds a spare, drains a drive, or changes weights, by chance; stops and resumes in between.</summary>
    public async Task DisturbAsync(Task work)
    {
        _isCalm = false;
        int plans = _random.Between(1, _mostPlans);
        while (!work.IsCompleted)
        {
            bool isPlan = plans > 0 && _random.Chance(0.6);
            plans -= isPlan ? 1 : 0;
            await TryApplyAsync(layout => isPlan
                ? ChangePlanner.Plan(layout, DrawChange(layout)).Layout
                : LayoutSteps.Stop(layout, !layout.Progress.IsStopped));
            await Task.WhenAny(work, _world.DelayAsync(_random.Between(TimeSpan.Zero, 20 * _slowest)));
        }
    }

    /// <summary>Nobody sleeps any more, and what was begun comes to its end.</summary>
    public async Task<bool> TrySettleAsync(TimeSpan limit)
    {
        _isCalm = true;
        TimeSpan end = _world.Now + limit;
        while (Agreed.Progress.IsStopped)
        {
            await TryApplyAsync(layout => LayoutSteps.Stop(layout, false));
        }

        while (Agreed.IsChanging && _world.Now < end)
        {
            await _world.DelayAsync(TimeSpan.FromSeconds(1));
        }

        return !Agreed.IsChanging;
    }

    /// <summary>The drive was drained, and never comes back under its id.</summary>
    public bool HasLeft(DriveId drive) =>
        Agreed.Drives.Any(known => known.Id == drive && known.Duty == LayoutDuty.Left);

    private LayoutChange DrawChange(StoreLayout layout)
    {
        LayoutDrive[] unknown = [.. _shape.Spares.Where(spare => layout.Drives.All(drive => drive.Id != spare.Id))];
        LayoutDrive[] known = [.. layout.Drives.Where(drive => drive.Duty != LayoutDuty.Left)];
        return _random.Next(4) switch
        {
            0 => new LayoutChange { Drained = [_random.Pick(known).Id] },
            1 => new LayoutChange { Kept = [_random.Pick(known).Id] },
            2 => new LayoutChange { Weights = known.ToDictionary(drive => drive.Id, _ => _random.Between(1, 4)) },
            _ => new LayoutChange { Added = [.. unknown.Take(1)] },
        };
    }

    private async Task FollowAsync(SimProcess process, int number)
    {
        SimLayoutNode node = _nodes[number];
        while (true)
        {
            await Task.Delay(_random.Between(TimeSpan.Zero, _slowest), process.Time);
            await node.AwakeAsync();
            StoreLayout next = Agreed;
            if (next.Epoch == node.Epoch)
            {
                continue;
            }

            if (node.Store is { } store)
            {
                await store.TakeLayoutAsync(SeenBy(number, next), node.Reached);
            }

            await node.AwakeAsync();
            node.Fence.Know(next.CallEpoch);
            await node.Fence.RaiseAsync(FloorOf(next), CancellationToken.None);
            (node.Epoch, node.Floor) = (next.Epoch, next.Progress.Floor);
        }
    }

    private async Task DozeAsync(SimProcess process, SimLayoutNode node)
    {
        while (true)
        {
            await Task.Delay(_random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(4)), process.Time);
            if (!_isCalm && _random.Chance(0.3))
            {
                node.Sleep();
                await Task.Delay(_random.Between(TimeSpan.Zero, _longestNap), process.Time);
                node.Wake();
            }
        }
    }

    private long FloorOf(StoreLayout layout) => _mutation.HasNoFence ? 0 : layout.Progress.Floor;

    private StoreLayout SeenBy(int coordinator, StoreLayout layout) =>
        !_mutation.SeesNoJoints || coordinator == 0
            ? layout
            : new StoreLayout(
                layout.Epoch, layout.Drives, layout.Width, layout.StandardParity, layout.ReducedParity, [.. layout.Table.Span])
            {
                Progress = layout.Progress with { Joints = LayoutProgress.None.Joints },
            };

    private static IDrive[] ThoseIn(StoreLayout layout, IReadOnlyList<IDrive> drives) =>
        [.. drives.Where(drive => layout.Drives.Any(known => known.Id == drive.Id && known.Duty != LayoutDuty.Left))];
}

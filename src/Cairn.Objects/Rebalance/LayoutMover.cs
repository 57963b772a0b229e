using Cairn.Drives;
using Cairn.Objects.Layout;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Rebalance;

/// <summary>Takes the store from its layout to the target, step by step, while it is used.</summary>
/// <remarks>
/// Steps, each from what the agreed layout says, so that any node can go on after any crash: (1) all nodes that answer have
/// come along; (2) older epochs are shut out, where something waits for that; (3) positions on their way are filled, and
/// those whose floor is in force on a write quorum of positions go over to their new drives; (4) former drives drop what
/// they no longer hold; (5) the next positions begin to move. (6) At rest, nodes that have joined get a vote on the layout,
/// and those that have left lose it.
/// Invariants: of LayoutSteps; what a step asks for is checked against the layout that it is made from.
/// Concurrency: one loop a node. The node with the lowest name that answers works; two at once are harmless.
/// Failure: see steps; nothing is kept but the layout.
/// See: docs/design/elastic-layout.md.
/// </remarks>
internal sealed class LayoutMover
{
    private readonly StoreEngine _engine;
    private readonly ILayoutRegister _register;
    private readonly string _node;
    private readonly MovePace _pace;
    private readonly PartitionFill _fill;
    private readonly PartitionDrop _drop;
    private long _heldUpSince;
    private long _heldUpAt;

    /// <param name="engine">The store.</param>
    /// <param name="register">The layout.</param>
    /// <param name="node">This node, as the layout calls it.</param>
    /// <param name="pace">How much it may take.</param>
    public LayoutMover(StoreEngine engine, ILayoutRegister register, string node, MovePace pace)
    {
        _engine = engine;
        _register = register;
        _node = node;
        _pace = pace;
        Progress = new MoveProgress(engine.Environment.Time);
        _fill = new PartitionFill(engine, pace, Progress);
        _drop = new PartitionDrop(engine);
    }

    public MoveProgress Progress { get; }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            // Looking costs nothing while the layout of this node is at rest.
            StoreLayout known = _engine.Layout;
            bool hasWork = known.IsChanging || LayoutSteps.NextVoters(known, static _ => true) is not null;
            MoveStep step = hasWork ? await StepAsync(stopping) : MoveStep.Idle;
            if (step == MoveStep.Idle)
            {
                Progress.End();
            }

            await Task.Delay(
                step is MoveStep.Done or MoveStep.Waiting ? _pace.Pause : _pace.Rest, _engine.Environment.Time, stopping);
        }
    }

    /// <summary>Does what can be done next.</summary>
    public async ValueTask<MoveStep> StepAsync(CancellationToken cancellationToken)
    {
        if (await _register.ReadAsync(cancellationToken) is not { } layout)
        {
            return MoveStep.Idle;
        }

        IReadOnlyList<NodeStanding> standings = await _register.AskAsync(cancellationToken);
        if (!IsMine(layout, standings))
        {
            return MoveStep.Idle;
        }

        if (!layout.IsChanging) // (6)
        {
            StoreLayout? elected = LayoutSteps.NextVoters(
                layout, node => standings.Any(standing => standing.Node == node && standing.Epoch >= layout.Epoch));
            return elected is null ? MoveStep.Idle : await TryChangeAsync(layout, elected, cancellationToken);
        }

        Progress.Begin();
        if (_engine.Layout.Epoch != layout.Epoch || !HaveComeAlong(layout, standings)) // (1)
        {
            return MoveStep.Waiting;
        }

        if (NeedsFloor(layout)) // (2)
        {
            return await TryChangeAsync(layout, LayoutSteps.RaiseFloor(layout, layout.Epoch), cancellationToken);
        }

        StorePlacement placement = _engine.Placement;
        if (placement.Layout.Epoch != layout.Epoch)
        {
            return MoveStep.Waiting;
        }

        Dictionary<string, long> floors = standings.ToDictionary(standing => standing.Node, standing => standing.Floor);
        IReadOnlyList<int> arrived = await FillAsync(placement, floors, cancellationToken); // (3)
        IReadOnlyList<Leftover> dropped = await DropAsync(placement, floors, cancellationToken); // (4)
        StoreLayout next = layout;
        next = dropped.Count > 0 ? LayoutSteps.Drop(next, dropped) : next;
        next = arrived.Count > 0 ? LayoutSteps.Finish(next, arrived) : next;
        IReadOnlyList<PartitionMove> moves = LayoutSteps.NextMoves(next, _pace.Batch - next.Progress.Joints.Count);
        next = moves.Count > 0 ? LayoutSteps.Begin(next, moves) : next; // (5)
        if (next == layout)
        {
            return layout.Progress.IsStopped && layout.Progress.Joints.Count == 0 ? MoveStep.Idle : MoveStep.Stuck;
        }

        MoveStep outcome = await TryChangeAsync(layout, next, cancellationToken);
        if (outcome == MoveStep.Done)
        {
            Progress.CountPositions(arrived.Count);
        }

        return outcome;
    }

    // The lowest of those that can work: a node without a drive in the layout is none of it yet.
    private bool IsMine(StoreLayout layout, IReadOnlyList<NodeStanding> standings)
    {
        HashSet<string> members =
            [.. layout.Drives.Where(drive => drive.Duty != LayoutDuty.Left).Select(drive => drive.Node)];
        return standings.Select(standing => standing.Node).Where(members.Contains).Min(StringComparer.Ordinal) == _node;
    }

    // Without waiting for them, requests of those that are behind would fail. That is no reason to wait for ever.
    private bool HaveComeAlong(StoreLayout layout, IReadOnlyList<NodeStanding> standings)
    {
        if (standings.All(standing => standing.Epoch >= layout.Epoch && standing.Floor >= layout.Progress.Floor))
        {
            return true;
        }

        if (_heldUpAt != layout.Epoch)
        {
            _heldUpAt = layout.Epoch;
            _heldUpSince = _engine.Environment.Time.GetTimestamp();
        }

        return _engine.Environment.Time.GetElapsedTime(_heldUpSince) > _pace.Patience;
    }

    private static bool NeedsFloor(StoreLayout layout) =>
        layout.Progress.Joints.Values.Any(joint => joint.Since > layout.Progress.Floor)
        || layout.Progress.Leftovers.Any(left => left.Since > layout.Progress.Floor);

    /// <returns>Indexes of the positions that may go over.</returns>
    private async ValueTask<IReadOnlyList<int>> FillAsync(
        StorePlacement placement, Dictionary<string, long> floors, CancellationToken cancellationToken)
    {
        StoreLayout layout = placement.Layout;
        List<Partition> ready = [];
        foreach ((int index, JointPosition joint) in layout.Progress.Joints)
        {
            Partition partition = placement.Partitions[index / layout.Width];
            int shut = partition.Drives.Count(replica => replica.Members.All(member =>
                floors.GetValueOrDefault(layout.Drives[member.Drive.Index].Node) >= joint.Since));

            // In force on so many that what is left cannot decide anything in the name of an older epoch.
            if (shut >= partition.WriteQuorum && PartitionFill.ArrivingOf(partition).State == DriveState.Online)
            {
                ready.Add(partition);
            }
        }

        if (ready.Count == 0)
        {
            return [];
        }

        IReadOnlyList<Partition> filled = await _fill.RunAsync(ready, cancellationToken);
        return
        [
            .. filled.Select(partition => (partition.Index * layout.Width)
                + Array.FindIndex(partition.Drives, replica => replica.IsJoint)),
        ];
    }

    /// <returns>What nobody can ask for, or bring back, any more.</returns>
    private async ValueTask<IReadOnlyList<Leftover>> DropAsync(
        StorePlacement placement, Dictionary<string, long> floors, CancellationToken cancellationToken)
    {
        StoreLayout layout = placement.Layout;
        List<Leftover> dropped = [];
        List<Leftover> droppable = [];
        foreach (Leftover left in layout.Progress.Leftovers)
        {
            if (layout.Drives[left.Drive].Duty != LayoutDuty.Left)
            {
                // Before that, an accept of an older epoch could come to it after it was dropped, and lie there until the
                // partition comes back to the drive.
                if (IsShut(left.Drive))
                {
                    droppable.Add(left);
                }
            }
            else if (placement.Partitions[left.Partition].Drives.All(
                replica => replica.Members.All(member => IsShut(member.Drive.Index))))
            {
                // Its node may be gone for good. Who counts it asks its successor too.
                dropped.Add(left);
            }

            bool IsShut(int drive) => floors.GetValueOrDefault(layout.Drives[drive].Node, -1) >= left.Since;
        }

        dropped.AddRange(await _drop.RunAsync(droppable, cancellationToken));
        return dropped;
    }

    private async ValueTask<MoveStep> TryChangeAsync(
        StoreLayout present, StoreLayout next, CancellationToken cancellationToken) =>
        await _register.TryChangeAsync(present, next, cancellationToken) ? MoveStep.Done : MoveStep.Waiting;
}

using System.Collections.Immutable;

namespace Cairn.Objects.Layout;

/// <summary>The steps in which a layout changes, each a new epoch. Pure; agreeing on the outcome is somebody else's.</summary>
/// <remarks>
/// Purpose: all rules of a move in one place (docs/design/elastic-layout.md). A position goes from {A} over {A, B} to {B}.
/// Invariants, over all epochs from the floor to the present one, whose coordinators may be at work at once: a position is
/// held by {A} and {A, B}, or by {A, B} and {B}, or by one set only; so two of these epochs always share a drive in it whose
/// answer both need. Callers must not take a step before what its summary asks for is so.
/// </remarks>
internal static class LayoutSteps
{
    /// <summary>More would not make the store safer, and each has to be asked for every change.</summary>
    private const int MostVoters = 7;

    /// <summary>Positions whose drives differ from the target and that may begin to move now.</summary>
    /// <param name="layout">The present one.</param>
    /// <param name="limit">Most positions.</param>
    public static IReadOnlyList<PartitionMove> NextMoves(StoreLayout layout, int limit)
    {
        LayoutProgress progress = layout.Progress;
        List<PartitionMove> moves = [];
        if (progress.Target.IsEmpty || progress.IsStopped)
        {
            return moves;
        }

        HashSet<int> busy = [.. progress.Joints.Keys.Select(index => index / layout.Width)];
        ReadOnlySpan<ushort> table = layout.Table.Span;
        ReadOnlySpan<ushort> target = progress.Target.Span;
        for (int index = 0; index < table.Length && moves.Count < limit; index++)
        {
            int partition = index / layout.Width;
            if (table[index] != target[index]
                && !busy.Contains(partition)
                && !layout.DrivesOf(partition).Contains(target[index])
                && !progress.Leftovers.Contains(new Leftover(target[index], partition, 0)))
            {
                moves.Add(new PartitionMove(partition, index % layout.Width, table[index], target[index]));
                busy.Add(partition);
            }
        }

        return moves;
    }

    /// <summary>Begins moves: {A} becomes {A, B}.</summary>
    public static StoreLayout Begin(StoreLayout layout, IEnumerable<PartitionMove> moves)
    {
        ImmutableSortedDictionary<int, JointPosition>.Builder joints = layout.Progress.Joints.ToBuilder();
        foreach (PartitionMove move in moves)
        {
            joints.Add((move.Partition * layout.Width) + move.Position, new JointPosition(move.To, layout.Epoch + 1));
        }

        return Next(layout, layout.Progress with { Joints = joints.ToImmutable() });
    }

    /// <summary>Shuts older epochs out. Once it is in force (LayoutMover), nothing is decided in their name any more.</summary>
    public static StoreLayout RaiseFloor(StoreLayout layout, long floor) =>
        Next(layout, layout.Progress with { Floor = floor });

    /// <summary>
    /// Ends moves: {A, B} becomes {B}. Asks for a floor in force that is not below the epoch in which the positions became
    /// joint, and for B to hold, verified, everything that A's position should.
    /// </summary>
    /// <param name="layout">The present one.</param>
    /// <param name="indexes">Of the positions, in the table.</param>
    /// <exception cref="ArgumentException">A position is not joint, or older epochs are not shut out.</exception>
    public static StoreLayout Finish(StoreLayout layout, IEnumerable<int> indexes)
    {
        ushort[] table = [.. layout.Table.Span];
        ImmutableSortedDictionary<int, JointPosition>.Builder joints = layout.Progress.Joints.ToBuilder();
        ImmutableSortedSet<Leftover>.Builder leftovers = layout.Progress.Leftovers.ToBuilder();
        foreach (int index in indexes)
        {
            if (!joints.TryGetValue(index, out JointPosition joint) || joint.Since > layout.Progress.Floor)
            {
                throw new ArgumentException($"The position {index} may not move on in epoch {layout.Epoch}.");
            }

            leftovers.Add(new Leftover(table[index], index / layout.Width, layout.Epoch + 1));
            table[index] = (ushort)joint.Arriving;
            joints.Remove(index);
        }

        return Settle(layout, table, layout.Progress with
        {
            Joints = joints.ToImmutable(),
            Leftovers = leftovers.ToImmutable(),
        });
    }

    /// <summary>
    /// Drives have dropped what they no longer hold, where nothing could come to them any more: or (LayoutDuty.Left: under
    /// its id it never comes back) nobody can ask them about it any more.
    /// </summary>
    public static StoreLayout Drop(StoreLayout layout, IEnumerable<Leftover> dropped) => Settle(
        layout,
        [.. layout.Table.Span],
        layout.Progress with { Leftovers = layout.Progress.Leftovers.Except(dropped) });

    /// <summary>Begins no more moves, or goes on with them.</summary>
    public static StoreLayout Stop(StoreLayout layout, bool isStopped) =>
        Next(layout, layout.Progress with { IsStopped = isStopped });

    /// <summary>Who is to vote next, one node at a time: those that have drives and answer, and not those that have none.</summary>
    /// <param name="layout">The present one, at rest.</param>
    /// <param name="answers">Whether a node would come along.</param>
    /// <returns>Null when it stays as it is.</returns>
    public static StoreLayout? NextVoters(StoreLayout layout, Func<string, bool> answers)
    {
        if (layout.FormerVoters.Count > 0)
        {
            // Agreed by both, it needs the former ones no more.
            return Next(layout, layout.Progress);
        }

        HashSet<string> present = [.. layout.Drives.Where(drive => drive.Duty != LayoutDuty.Left).Select(drive => drive.Node)];
        IReadOnlyList<string> voters = layout.Voters;
        string? gone = voters.FirstOrDefault(voter => !present.Contains(voter));
        string? joining = present.Except(voters).Order(StringComparer.Ordinal).FirstOrDefault(answers);
        return joining is not null && voters.Count is > 1 and < MostVoters ? layout.ElectVoters([.. voters, joining])
            : gone is not null && voters.Count > 1 ? layout.ElectVoters(voters.Where(voter => voter != gone))
            : null;
    }

    // A target that is reached is none; a drive that leaves has left when nothing names it any more.
    private static StoreLayout Settle(StoreLayout layout, ushort[] table, LayoutProgress progress)
    {
        bool isThere = progress.Joints.Count == 0 && table.AsSpan().SequenceEqual(progress.Target.Span);
        progress = isThere ? progress with { Target = default } : progress;
        LayoutDrive[] drives =
        [
            .. layout.Drives.Select((drive, number) =>
                drive.Duty == LayoutDuty.Leaving
                && !table.Contains((ushort)number)
                && progress.Joints.Values.All(joint => joint.Arriving != number)
                    ? drive with { Duty = LayoutDuty.Left }
                    : drive),
        ];
        return layout.Next(drives, table, progress);
    }

    private static StoreLayout Next(StoreLayout layout, LayoutProgress progress) =>
        layout.Next(layout.Drives, [.. layout.Table.Span], progress);
}

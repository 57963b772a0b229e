using Cairn.Objects.Formation;
using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Rebalance;

/// <summary>What an administrator sees of the layout, and how it is changed.</summary>
/// <remarks>
/// A plan changes nothing; what is applied is planned anew from the agreed layout, and is refused when that is another one
/// than the administrator has seen. Everything after it is the movers' work, on whichever node.
/// Concurrency: any caller on any node; the agreement decides between two.
/// </remarks>
/// <param name="register">The layout.</param>
/// <param name="candidates">Who has introduced itself to this node.</param>
public sealed class LayoutAdministration(ILayoutRegister register, Candidates candidates)
{
    /// <summary>Steps of movers may come in between.</summary>
    private const int MostAttempts = 5;

    private static readonly LayoutAnswer NoMajority = new(
        LayoutOutcome.NoMajority, Problem: "Too few of the nodes that vote on the layout answer.");

    /// <returns>Null without a majority.</returns>
    public async ValueTask<LayoutState?> GetAsync(CancellationToken cancellationToken)
    {
        if (await register.ReadAsync(cancellationToken) is not { } layout)
        {
            return null;
        }

        ushort[] ahead = layout.TableAhead();
        ushort[] target = layout.Progress.Target.IsEmpty ? ahead : [.. layout.Progress.Target.Span];
        ushort[] present = [.. layout.Table.Span];
        return new LayoutState
        {
            Layout = layout,
            Voters = layout.Voters,
            IsStopped = layout.Progress.IsStopped,
            Waiting = ahead.Zip(target).Count(pair => pair.First != pair.Second),
            UnderWay = layout.Progress.Joints.Count,
            ToDrop = layout.Progress.Leftovers.Count,
            Shares =
            [
                .. Enumerable.Range(0, layout.Drives.Count).Select(number => (
                    present.Count(drive => drive == number), target.Count(drive => drive == number))),
            ],
            Standings = await register.AskAsync(cancellationToken),
            Candidates = WaitingFor(layout),
        };
    }

    /// <summary>What a change would move where. Changes nothing.</summary>
    public async ValueTask<LayoutAnswer> PlanAsync(LayoutWish wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return await register.ReadAsync(cancellationToken) is { } layout ? Plan(layout, wish) : NoMajority;
    }

    /// <param name="wish">What is to be different.</param>
    /// <param name="seen">The epoch that the administrator has seen; null: whichever it is.</param>
    /// <param name="cancellationToken">It may be applied or not.</param>
    public async ValueTask<LayoutAnswer> ApplyAsync(LayoutWish wish, long? seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        LayoutAnswer answer = await TryApplyAsync(wish, seen, cancellationToken);
        for (int again = 0; again < MostAttempts && seen is null && answer.Outcome == LayoutOutcome.Outdated; again++)
        {
            answer = await TryApplyAsync(wish, seen, cancellationToken);
        }

        return answer;
    }

    private async ValueTask<LayoutAnswer> TryApplyAsync(LayoutWish wish, long? seen, CancellationToken cancellationToken)
    {
        if (await register.ReadAsync(cancellationToken) is not { } layout)
        {
            return NoMajority;
        }

        if (seen is { } epoch && epoch != layout.Epoch)
        {
            return Outdated(layout);
        }

        LayoutAnswer planned = Plan(layout, wish);
        return planned.Outcome == LayoutOutcome.Done
            ? await ChangeAsync(layout, planned.Plan!.Layout, planned, cancellationToken)
            : planned;
    }

    /// <summary>Begins no more moves, or goes on with them. What is under way is ended in any case.</summary>
    public async ValueTask<LayoutAnswer> StopAsync(bool isStopped, CancellationToken cancellationToken)
    {
        if (await register.ReadAsync(cancellationToken) is not { } layout)
        {
            return NoMajority;
        }

        LayoutAnswer done = new(LayoutOutcome.Done);
        return layout.Progress.IsStopped == isStopped
            ? done
            : await ChangeAsync(layout, LayoutSteps.Stop(layout, isStopped), done, cancellationToken);
    }

    private static LayoutAnswer Outdated(StoreLayout layout) => new(
        LayoutOutcome.Outdated, Problem: $"The layout has changed meanwhile, to epoch {layout.Epoch}. Look again.");

    private async ValueTask<LayoutAnswer> ChangeAsync(
        StoreLayout present, StoreLayout next, LayoutAnswer done, CancellationToken cancellationToken)
    {
        if (await register.TryChangeAsync(present, next, cancellationToken))
        {
            return done;
        }

        return await register.ReadAsync(cancellationToken) is { } found ? Outdated(found) : NoMajority;
    }

    // With those of their drives that the store does not have: all of a new node, or some of one that is part of it.
    private IReadOnlyList<NodeDescription> WaitingFor(StoreLayout layout) =>
    [
        .. candidates.Present()
            .Select(node => node with { Drives = [.. node.Drives.Where(drive => !layout.HasHad(drive))] })
            .Where(node => node.Drives.Count > 0),
    ];

    private LayoutAnswer Plan(StoreLayout layout, LayoutWish wish)
    {
        try
        {
            return new LayoutAnswer(LayoutOutcome.Done, ChangePlanner.Plan(layout, ChangeOf(layout, wish)));
        }
        catch (ArgumentException contradiction)
        {
            return new LayoutAnswer(LayoutOutcome.Refused, Problem: contradiction.Message);
        }
    }

    private LayoutChange ChangeOf(StoreLayout layout, LayoutWish wish)
    {
        IReadOnlyList<NodeDescription> waiting = WaitingFor(layout);
        IEnumerable<NodeDescription> added = wish.IsEmpty ? waiting : wish.Added.Select(
            name => waiting.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new ArgumentException($"No node {name} waits to be taken in."));
        return new LayoutChange
        {
            Added =
            [
                .. added.SelectMany(node => node.Drives.Select(drive => new LayoutDrive(
                    drive, node.Name, wish.Zones.GetValueOrDefault(node.Name, layout.ZoneOf(node.Name))))),
            ],
            Drained = [.. wish.Drained.SelectMany(name => DrivesOf(layout, name))],
            Kept = [.. wish.Kept.SelectMany(name => DrivesOf(layout, name))],
            Weights = wish.Weights.SelectMany(pair => DrivesOf(layout, pair.Key).Select(drive => (drive, pair.Value)))
                .ToDictionary(pair => pair.drive, pair => pair.Value),
            Zones = wish.Zones,
        };
    }

    private static DriveId[] DrivesOf(StoreLayout layout, string name)
    {
        DriveId[] named =
        [
            .. layout.Drives
                .Where(drive => drive.Duty != LayoutDuty.Left && (drive.Node == name || drive.Id.ToString() == name))
                .Select(drive => drive.Id),
        ];
        return named.Length > 0
            ? named
            : throw new ArgumentException($"The store has no node and no drive {name}.");
    }
}

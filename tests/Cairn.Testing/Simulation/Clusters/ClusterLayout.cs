using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>An administrator who changes the layout of a cluster while everything else goes on, through any node.</summary>
/// <remarks>
/// Weights change, and single drives are drained: a node always keeps one, or it would not start again. Here the agreement,
/// the telling of nodes and the movers are those of the server (<see cref="Stores.SimElasticity"/> has none of that, but
/// more layouts).
/// </remarks>
internal sealed class ClusterLayout(SimCluster cluster)
{
    private const int MostPlans = 3;

    private static readonly TimeSpan RestLimit = TimeSpan.FromHours(1);

    private readonly World _world = cluster.World;
    private readonly SimRandom _random = SimRandom.Named(cluster.World.Seed, "layout");

    /// <summary>Changes, stops and resumes until the work is done.</summary>
    public async Task DisturbAsync(Task work)
    {
        int plans = _random.Between(1, MostPlans);
        while (!work.IsCompleted)
        {
            bool isPlan = plans > 0 && _random.Chance(0.7);
            plans -= isPlan ? 1 : 0;
            bool isStopped = _random.Chance(0.3);
            await TryAsync(administration => isPlan
                ? administration.ApplyAsync(DrawWish(), null, CancellationToken.None)
                : administration.StopAsync(isStopped, CancellationToken.None));
            await Task.WhenAny(work, _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5))));
        }
    }

    /// <summary>What was begun comes to its end, and every node knows.</summary>
    public async Task SettleAsync()
    {
        TimeSpan end = _world.Now + RestLimit;
        while (!await TryAsync(administration => administration.StopAsync(false, CancellationToken.None)) && _world.Now < end)
        {
            await _world.DelayAsync(TimeSpan.FromSeconds(1));
        }

        if (!await cluster.TryAwaitAsync(IsAtRest, RestLimit))
        {
            throw _world.Fail("The layout does not come to rest: " + string.Join(
                "; ", cluster.Nodes.Select(node => $"{node.Name} {Describe(node.Layout)}")) + "\n" + cluster.Condition());
        }
    }

    private static string Describe(StoreLayout? layout) => layout is null
        ? "is down"
        : $"epoch {layout.Epoch}, floor {layout.Progress.Floor}, {layout.Progress.Joints.Count} joint, "
            + $"{layout.Progress.Leftovers.Count} left over, {(layout.Progress.Target.IsEmpty ? "no target" : "a target")}";

    private bool IsAtRest() =>
        cluster.Nodes.All(node => node.Layout is { IsChanging: false })
        && cluster.Nodes.Select(node => node.Layout!.Epoch).Distinct().Count() == 1;

    private LayoutWish DrawWish()
    {
        StoreLayout layout = cluster.Nodes.Select(node => node.Layout).OfType<StoreLayout>().MaxBy(known => known.Epoch)!;
        LayoutDrive[] present = [.. layout.Drives.Where(drive => drive.Duty != LayoutDuty.Left)];
        LayoutDrive chosen = _random.Pick(present);
        bool isSpare = present.Count(drive => drive.Node == chosen.Node && drive.Duty == LayoutDuty.Active) > 1;
        string id = chosen.Id.ToString();
        return _random.Next(3) switch
        {
            0 when isSpare => new LayoutWish { Drained = [id] },
            1 when chosen.Duty == LayoutDuty.Leaving => new LayoutWish { Kept = [id] },
            _ => new LayoutWish { Weights = present.ToDictionary(drive => drive.Id.ToString(), _ => _random.Between(1, 3)) },
        };
    }

    private async Task<bool> TryAsync(Func<LayoutAdministration, ValueTask<LayoutAnswer>> call)
    {
        SimNode[] up = [.. cluster.Nodes.Where(node => node.IsUp)];
        if (up.Length == 0)
        {
            return false;
        }

        try
        {
            Task<LayoutAnswer> answer = _random.Pick(up).AdministerAsync(call);
            await Task.WhenAny(answer, _world.DelayAsync(TimeSpan.FromSeconds(30)));
            if (!answer.IsCompleted)
            {
                return false;
            }

            LayoutAnswer told = await answer;
            _world.Record("administrator", $"{told.Outcome} {told.Problem}");
            return told.Outcome == LayoutOutcome.Done;
        }
        catch (ProcessKilledException)
        {
            return false;
        }
    }
}

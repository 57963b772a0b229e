namespace Cairn.SystemTests.Chaos;

/// <summary>Breaks real nodes, their links and drives by seed: one fault after the other, in two places at once.</summary>
/// <remarks>Invariants: every fault is ended by whoever began it. A node is struck by one lane at a time.</remarks>
internal sealed class ChaosNemesis(ChaosCluster cluster, int seed, ChaosHistory history)
{
    private const int Lanes = 2;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _struck = [];

    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => RunLaneAsync(lane, stop)));

    private async Task RunLaneAsync(int lane, CancellationToken stop)
    {
        var random = new Random(seed + (1000 * lane));
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(TimeSpan.FromMilliseconds(random.Next(200, 4_000)), stop);
            int node = random.Next(ChaosCluster.NodeCount);
            TimeSpan length = TimeSpan.FromMilliseconds(random.Next(3) switch
            {
                0 => random.Next(300),
                1 => random.Next(3_000),
                _ => random.Next(12_000),
            });
            if (stop.IsCancellationRequested || !TryTake(node))
            {
                continue;
            }

            await StrikeAsync(random, node, length, stop);
            Release(node);
        }
    }

    private Task StrikeAsync(Random random, int node, TimeSpan length, CancellationToken stop) => random.Next(10) switch
    {
        0 or 1 => KillAsync(node, length, stop),
        2 or 3 => DuringAsync("freeze", node, length, cluster.Nodes[node].Freeze, cluster.Nodes[node].Thaw, stop),
        4 or 5 => CutAsync("cut", Both(node, Others(node)), node, length, stop),
        6 => CutAsync("cut-one-way", [.. Others(node).Select(other => (node, other))], node, length, stop),
        7 => CutAsync("cut-link", Both(node, [Others(node)[random.Next(ChaosCluster.NodeCount - 1)]]), node, length, stop),
        8 => DuringAsync(
            "slow-link", node, length, () => cluster.Network.SlowDown(node), () => cluster.Network.SpeedUp(node), stop),
        _ => DuringAsync("full-drive", node, length, () => cluster.Fill(node), () => cluster.Empty(node), stop),
    };

    private async Task KillAsync(int node, TimeSpan length, CancellationToken stop)
    {
        history.Fault("kill", Name(node));
        await cluster.Nodes[node].KillAsync();
        await PauseAsync(length, stop);
        history.Fault("start", Name(node));
        cluster.Nodes[node].Launch();
    }

    private Task CutAsync(string kind, (int From, int To)[] cuts, int node, TimeSpan length, CancellationToken stop) => DuringAsync(
        kind,
        node,
        length,
        () => Array.ForEach(cuts, cut => cluster.Network.Cut(cut.From, cut.To)),
        () => Array.ForEach(cuts, cut => cluster.Network.Mend(cut.From, cut.To)),
        stop);

    private async Task DuringAsync(
        string kind, int node, TimeSpan length, Action begin, Action end, CancellationToken stop)
    {
        history.Fault(kind, Name(node));
        begin();
        await PauseAsync(length, stop);
        end();
        history.Fault(kind + "-over", Name(node));
    }

    private static int[] Others(int node) => [.. Enumerable.Range(0, ChaosCluster.NodeCount).Where(other => other != node)];

    private static (int From, int To)[] Both(int node, int[] others) =>
        [.. others.SelectMany(other => ((int, int)[])[(node, other), (other, node)])];

    private static string Name(int node) => $"node {node + 1}";

    private static async Task PauseAsync(TimeSpan length, CancellationToken stop)
    {
        // How long a fault lasts is what varies; the end of the run ends it.
        await Task.Delay(length, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    // Faults of two lanes at one node would end each other. A link that two nodes are cut off from is mended by the first.
    private bool TryTake(int node)
    {
        lock (_gate)
        {
            return _struck.Add(node);
        }
    }

    private void Release(int node)
    {
        lock (_gate)
        {
            _struck.Remove(node);
        }
    }
}

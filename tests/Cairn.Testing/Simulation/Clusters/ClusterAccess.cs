using Cairn.Objects;
using Cairn.Testing.Simulation.Stores;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>A client that goes to any node, or to its own as long as that serves, and hangs up on one that does not answer.</summary>
internal sealed class ClusterAccess(SimCluster cluster, string name, SimNode? favourite = null) : StoreAccess
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly SimRandom _random = SimRandom.Named(cluster.World.Seed, "access of " + name);

    public override async Task<T> CallAsync<T>(Func<ObjectStore, Task<T>> call)
    {
        SimNode node = favourite is { IsUp: true } ? favourite : await PickAsync();
        Task<T> answer = node.CallAsync(call);
        TimeSpan patience = _random.Between(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40));
        await Task.WhenAny(answer, cluster.World.DelayAsync(patience));
        return answer.IsCompleted ? await answer : throw new ProcessKilledException(node.Name);
    }

    private async Task<SimNode> PickAsync()
    {
        while (true)
        {
            SimNode[] up = [.. cluster.Nodes.Where(node => node.IsUp)];
            if (up.Length > 0)
            {
                return _random.Pick(up);
            }

            await cluster.World.DelayAsync(RetryPause);
        }
    }
}

using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Balancers;

/// <summary>Four nodes behind both of the delivered configurations at once.</summary>
public sealed class BalancedCluster : IAsyncLifetime
{
    private readonly Dictionary<string, Balancer> _balancers = [];
    private ProcessCluster? _cluster;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 1);
        _balancers.Add("haproxy", await Balancer.StartHaproxyAsync(_cluster.Endpoints));
        _balancers.Add("nginx", await Balancer.StartNginxAsync(_cluster.Endpoints));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Balancer balancer in _balancers.Values)
        {
            await balancer.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    internal TestEndpoint EndpointOf(string balancer) => _balancers[balancer].Endpoint;
}

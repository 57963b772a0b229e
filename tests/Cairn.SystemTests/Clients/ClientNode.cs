using Amazon.S3;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>The node that all client sessions share.</summary>
/// <remarks>
/// Purpose: the sessions use buckets of their own, so one node serves all of them and meets the leavings of one client
/// while serving another. CAIRN_CLIENTS_VIA runs the same sessions on a cluster of four nodes with four drives each:
/// through one of its nodes ("cluster"), or through a balancer ("haproxy", "nginx"). CAIRN_TEST_ENDPOINT (with
/// CAIRN_TEST_ACCESS_KEY and CAIRN_TEST_SECRET_KEY) points them at another S3 server, to tell a fault of the server from a
/// fault of the session.
/// </remarks>
public sealed class ClientNode : IAsyncLifetime
{
    private ProcessNode? _node;
    private ProcessCluster? _cluster;
    private Balancer? _balancer;

    internal TestEndpoint Endpoint { get; private set; } = new(new Uri("http://127.0.0.1"), "", "");

    public async ValueTask InitializeAsync()
    {
        var foreign = Environment.GetEnvironmentVariable("CAIRN_TEST_ENDPOINT");
        if (!string.IsNullOrEmpty(foreign))
        {
            Endpoint = new TestEndpoint(
                new Uri(foreign),
                Environment.GetEnvironmentVariable("CAIRN_TEST_ACCESS_KEY") ?? "test",
                Environment.GetEnvironmentVariable("CAIRN_TEST_SECRET_KEY") ?? "test");
            return;
        }

        string? via = Environment.GetEnvironmentVariable("CAIRN_CLIENTS_VIA");
        if (!string.IsNullOrEmpty(via))
        {
            _cluster = await ProcessCluster.StartNewAsync(nodes: 4, drivesPerNode: 4);
            Endpoint = await ReachAsync(via, _cluster.Endpoints);
            return;
        }

        _node = await ProcessNode.StartNewAsync();
        Endpoint = TestEndpoint.Of(_node);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            _node.KeepLog("clients");
            await _node.DisposeAsync();
        }

        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        if (_cluster is not null)
        {
            foreach (ProcessNode node in _cluster.Nodes)
            {
                node.KeepLog("clients");
            }

            await _cluster.DisposeAsync();
        }
    }

    /// <summary>The .NET client, for what a session has to check from outside its own client.</summary>
    internal AmazonS3Client CreateObserver() => S3Clients.Create(Endpoint);

    private async Task<TestEndpoint> ReachAsync(string via, IReadOnlyList<TestEndpoint> nodes)
    {
        _balancer = via switch
        {
            "cluster" => null,
            "haproxy" => await Balancer.StartHaproxyAsync(nodes),
            "nginx" => await Balancer.StartNginxAsync(nodes),
            _ => throw new InvalidOperationException($"CAIRN_CLIENTS_VIA is {via}: cluster, haproxy or nginx."),
        };
        return _balancer?.Endpoint ?? nodes[^1];
    }
}

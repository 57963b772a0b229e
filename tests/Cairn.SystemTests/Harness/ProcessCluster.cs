namespace Cairn.SystemTests.Harness;

/// <summary>Several real nodes on this machine that form one store.</summary>
/// <remarks>Every node has its own port of 127.0.0.1, drives and process; they share a secret and the credentials.</remarks>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private ProcessCluster(IReadOnlyList<ProcessNode> nodes) => Nodes = nodes;

    public IReadOnlyList<ProcessNode> Nodes { get; }

    public IReadOnlyList<TestEndpoint> Endpoints => [.. Nodes.Select(TestEndpoint.Of)];

    public static async Task<ProcessCluster> StartNewAsync(int nodes, int drivesPerNode)
    {
        ProcessCluster cluster = Prepare(nodes, drivesPerNode);
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nodes that are started later.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="drivesPerNode">How many.</param>
    /// <param name="environment">More of a node's environment, by its number; null for nothing.</param>
    public static ProcessCluster Prepare(
        int nodes, int drivesPerNode, Func<int, IReadOnlyDictionary<string, string>>? environment = null)
    {
        ProcessNode[] made =
            [.. Enumerable.Range(0, nodes).Select(number => PrepareNode(drivesPerNode, environment?.Invoke(number)))];
        string[] drives = [.. made.SelectMany(EndpointsOf)];
        Array.ForEach(made, node => node.DriveArguments = drives);
        return new ProcessCluster(made);
    }

    /// <summary>A node that knows the secret of all of these clusters, and is in none of them yet.</summary>
    public static ProcessNode PrepareNode(int drives, IReadOnlyDictionary<string, string>? environment = null) =>
        ProcessNode.Prepare(new ProcessNodeOptions
        {
            DriveCount = drives,
            Environment = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
            {
                ["CAIRN_CLUSTER_SECRET"] = "a secret of system tests",
                // Many nodes share the memory of one machine.
                ["DOTNET_gcServer"] = "0",
            },
        });

    /// <summary>What the arguments of all nodes call the drives of one.</summary>
    public static IEnumerable<string> EndpointsOf(ProcessNode node) =>
        node.DriveFolders.Select(folder => $"http://127.0.0.1:{node.Port}{folder}");

    // No node is ready before all are: the first start needs everybody's drives.
    public Task StartAsync() => Task.WhenAll(Nodes.Select(node => node.StartAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (ProcessNode node in Nodes)
        {
            await node.DisposeAsync();
        }
    }
}

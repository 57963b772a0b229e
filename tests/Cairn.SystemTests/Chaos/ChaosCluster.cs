using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Chaos;

/// <summary>Four real nodes with four drives each: every node in its own network namespace, drives small and in memory.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const int NodeCount = 4;
    private const int DrivesPerNode = 4;

    // Objects of half an hour take 150 MiB of each, and 256 MiB are kept for deletes; soon filled all the same.
    private const int DriveMiB = 1024;

    private readonly List<MemoryDrive> _drives = [];

    private ChaosCluster(NodeNetwork network, IReadOnlyList<ProcessNode> nodes)
    {
        Network = network;
        Nodes = nodes;
    }

    public NodeNetwork Network { get; }

    public IReadOnlyList<ProcessNode> Nodes { get; }

    public static async Task<ChaosCluster> StartAsync()
    {
        NodeNetwork network = NodeNetwork.Create(NodeCount);
        ProcessNode[] nodes = [.. Enumerable.Range(0, NodeCount).Select(node => ProcessNode.Prepare(new ProcessNodeOptions
        {
            DriveCount = DrivesPerNode,
            Host = network.HostOf(node),
            NetworkNamespace = network.NamespaceOf(node),
            Environment = new Dictionary<string, string> { ["CAIRN_CLUSTER_SECRET"] = "a secret of system tests" },
        }))];
        var cluster = new ChaosCluster(network, nodes);
        try
        {
            string[] drives = [.. nodes.SelectMany(
                (node, i) => node.DriveFolders.Select(folder => $"http://{network.HostOf(i)}:{node.Port}{folder}"))];
            foreach (ProcessNode node in nodes)
            {
                node.DriveArguments = drives;
                foreach (string folder in node.DriveFolders)
                {
                    cluster._drives.Add(await MemoryDrive.MountAsync(folder, DriveMiB));
                }
            }

            await Task.WhenAll(nodes.Select(node => node.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves no room on the first drive of a node.</summary>
    public void Fill(int node) => _drives[node * DrivesPerNode].Fill();

    public void Empty(int node) => _drives[node * DrivesPerNode].Empty();

    /// <summary>What each drive holds, in MiB, node by node.</summary>
    public long[][] MeasureRoom() => [.. _drives.Select(drive => drive.UsedBytes >> 20).Chunk(DrivesPerNode)];

    public async ValueTask DisposeAsync()
    {
        foreach (ProcessNode node in Nodes)
        {
            if (node.IsRunning)
            {
                await node.KillAsync();
            }
        }

        foreach (MemoryDrive drive in _drives)
        {
            await drive.DisposeAsync();
        }

        foreach (ProcessNode node in Nodes)
        {
            await node.DisposeAsync();
        }

        Network.Dispose();
    }
}

using System.Diagnostics;
using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Chaos;

/// <summary>Four real nodes with four drives each: every node in its own network namespace, drives small and in memory.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const int NodeCount = 4;
    private const int DrivesPerNode = 4;

    // Enough for hours of this load, and soon full.
    private const int DriveMiB = 400;

    private readonly List<string> _mounts = [];

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
                Array.ForEach([.. node.DriveFolders], cluster.Mount);
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
    public void Fill(int node)
    {
        using FileStream ballast = File.Create(BallastOf(node));
        byte[] block = new byte[1 << 20];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // No space left on the device: that is what was wanted.
            return;
        }
    }

    public void Empty(int node) => File.Delete(BallastOf(node));

    public async ValueTask DisposeAsync()
    {
        foreach (ProcessNode node in Nodes)
        {
            if (node.IsRunning)
            {
                await node.KillAsync();
            }
        }

        foreach (string mount in _mounts)
        {
            Process.Start("umount", ["-l", mount]).WaitForExit();
        }

        foreach (ProcessNode node in Nodes)
        {
            await node.DisposeAsync();
        }

        Network.Dispose();
    }

    private string BallastOf(int node) => Path.Combine(Nodes[node].DriveFolders[0], "ballast");

    private void Mount(string folder)
    {
        Process mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={DriveMiB}m", "cairn-chaos", folder]);
        mount.WaitForExit();
        Assert.Equal(0, mount.ExitCode);
        _mounts.Add(folder);
    }
}

using System.Globalization;
using Cairn.Cluster.Topology;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Objects;
using Cairn.Objects.Layout;
using Cairn.Testing.Simulation.Disks;
using Cairn.Testing.Simulation.Network;
using Cairn.Testing.Simulation.Stores.Mutations;

namespace Cairn.Testing.Simulation.Clusters;

/// <summary>Several nodes that form one store, and the network between them.</summary>
internal sealed class SimCluster
{
    private readonly HashSet<SimNode> _heldDown = [];
    private readonly StoreMutation _mutation;
    private int _disksMade;

    public SimCluster(World world, int nodes, int drivesPerNode, StoreMutation mutation)
    {
        World = world;
        _mutation = mutation;
        Wrap = mutation.Begin();
        Count = nodes;
        Network = new SimNetwork(world);
        Names = [.. Enumerable.Range(0, nodes).Select(NameOf)];
        Arguments = new ClusterArguments([.. Names.Select(name => $"http://{name}/data")], []);
        Nodes = [.. Enumerable.Range(0, nodes).Select(number => new SimNode(this, number, drivesPerNode))];
    }

    public World World { get; }

    public SimNetwork Network { get; }

    /// <summary>Puts the run's deliberate fault, if it has one, between the nodes and the drive with that number.</summary>
    public Func<IDrive, int, IDrive> Wrap { get; }

    public int Count { get; }

    public IReadOnlyList<string> Names { get; }

    public ClusterArguments Arguments { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public IEnumerable<SimDisk> Disks => Nodes.SelectMany(node => node.Disks);

    /// <summary>Every node serves, every drive is there, and nobody knows of anything that is missing.</summary>
    public bool IsWhole => Nodes.All(node => node.IsUp && !node.Process.IsPaused && node.IsWhole);

    /// <summary>
    /// Drives of a partition that may be lost without losing what was acknowledged a moment ago: it is on a write quorum
    /// only, and the drives that missed it are still being brought up to date.
    /// </summary>
    public int FreshParity
    {
        get
        {
            StoreLayout layout = Nodes.First(node => node.IsUp).Layout!;
            return layout.WriteQuorum - layout.Standard.DataShards;
        }
    }

    /// <summary>Nodes that may be away while everything can still be read.</summary>
    public int NodeParity
    {
        get
        {
            StoreLayout layout = Nodes.First(node => node.IsUp).Layout!;
            int most = Enumerable.Range(0, StoreLayout.PartitionCount).Max(partition =>
                layout.DrivesOf(partition).ToArray().GroupBy(drive => layout.Drives[drive].Node).Max(own => own.Count()));
            return layout.StandardParity / most;
        }
    }

    public static string NameOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node{node + 1}:9000");

    public static NodeAddress AddressOf(int node) =>
        new(string.Create(CultureInfo.InvariantCulture, $"node{node + 1}"), 9002);

    public int NumberOf(string name) => Names.ToList().IndexOf(name);

    public SimDisk NewDisk()
    {
        SimDisk disk = new(World, "disk " + ++_disksMade);
        _mutation.Spoil(disk);
        return disk;
    }

    /// <summary>Nobody starts the node again before it is let go.</summary>
    public void HoldDown(SimNode node) => _heldDown.Add(node);

    public void LetGo(SimNode node) => _heldDown.Remove(node);

    public bool IsHeldDown(SimNode node) => _heldDown.Contains(node);

    /// <summary>Starts those that are down, and waits until all serve.</summary>
    public async Task StartAllAsync(TimeSpan limit)
    {
        foreach (SimNode node in Nodes.Where(node => !node.IsStarted))
        {
            LetGo(node);
            node.Start();
        }

        if (!await TryAwaitAsync(() => Nodes.All(node => node.IsUp), limit))
        {
            throw World.Fail("Not all nodes come up: " + Condition());
        }
    }

    /// <summary>Waits for a condition, looking from time to time.</summary>
    public async Task<bool> TryAwaitAsync(Func<bool> holds, TimeSpan limit)
    {
        TimeSpan end = World.Now + limit;
        while (!holds() && World.Now < end)
        {
            await World.DelayAsync(TimeSpan.FromMilliseconds(200));
        }

        return holds();
    }

    /// <summary>How the nodes stand, for a failure report.</summary>
    public string Condition() => string.Join('\n', Nodes.Select(node => node.Store is { } store
        ? $"{node.Name} {Describe(store)}"
        : $"{node.Name} {(node.IsStarted ? "starts" : "is down")}, {node.Problem}"));

    private static string Describe(ObjectStore store) => string.Join("; ", store.GetHealStatus().Drives.Select(
        d => $"{d.State} {d.Activity} failed {d.Failed}")) + $"; {store.GetHealStatus().QueuedRepairs} repairs queued";
}

using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>The network between the nodes of a world: delays, loses, repeats, reorders, cuts, by seed.</summary>
/// <remarks>
/// Purpose: the production links and servers run over it unchanged. What is not simulated: the bytes of the wire and its
/// protection, which are below the seam.
/// Concurrency: inside the world.
/// </remarks>
internal sealed class SimNetwork(World world)
{
    private readonly SimRandom _random = SimRandom.Named(world.Seed, "network");
    private readonly Dictionary<NodeAddress, SimListener> _listeners = [];
    private readonly HashSet<(NodeAddress From, NodeAddress To)> _cuts = [];
    private readonly List<SimConnection> _ends = [];

    public World World => world;

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>Frames handed to receivers so far.</summary>
    public long Delivered { get; private set; }

    public INodeTransport TransportOf(SimProcess process, NodeAddress address) => new SimTransport(this, process, address);

    /// <summary>Listens at an address, in place of who listened there before.</summary>
    public SimListener Listen(NodeAddress address)
    {
        SimListener listener = new(this, address);
        _listeners[address] = listener;
        return listener;
    }

    public void StopListening(SimListener listener)
    {
        if (_listeners.TryGetValue(listener.Address, out SimListener? current) && current == listener)
        {
            _listeners.Remove(listener.Address);
        }
    }

    public SimListener? ListenerAt(NodeAddress address) => _listeners.GetValueOrDefault(address);

    /// <summary>Nothing gets from one to the other any more, and neither is told.</summary>
    public void Cut(NodeAddress from, NodeAddress to) => _cuts.Add((from, to));

    public void CutBoth(NodeAddress one, NodeAddress other)
    {
        Cut(one, other);
        Cut(other, one);
    }

    /// <summary>All can reach all again. Connections that lost something stay as they are.</summary>
    public void Heal() => _cuts.Clear();

    public bool IsCut(NodeAddress from, NodeAddress to) => _cuts.Contains((from, to));

    /// <summary>A process at an address has died: its connections end, and those at the other ends are told.</summary>
    public void Disconnect(NodeAddress address)
    {
        _listeners.Remove(address);
        foreach (SimConnection end in _ends.Where(end => end.Local == address).ToArray())
        {
            end.End();
        }
    }

    public bool Chance(double probability) => _random.Chance(probability);

    public TimeSpan DrawDelay() => _random.Between(Faults.MinDelay, Faults.MaxDelay);

    public void Add(SimConnection end) => _ends.Add(end);

    public void Remove(SimConnection end) => _ends.Remove(end);

    public void CountDelivered() => Delivered++;

    /// <summary>Does something later, whatever becomes of the process that asked for it.</summary>
    public void After(TimeSpan delay, Action action) =>
        world.Root.Time.CreateTimer(static state => ((Action)state!)(), action, delay, Timeout.InfiniteTimeSpan);
}

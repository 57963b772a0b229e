using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>The network between the hosts of a world, for connections and for packets: everything by seed.</summary>
/// <remarks>
/// Purpose: the production links and servers run over it unchanged. What is not simulated: the bytes of the wire and its
/// protection, which are below the seam.
/// Concurrency: inside the world.
/// </remarks>
internal sealed class SimNetwork
{
    private readonly SimRandom _random;
    private readonly Dictionary<NodeAddress, SimListener> _listeners = [];
    private readonly List<SimConnection> _ends = [];

    public SimNetwork(World world)
    {
        World = world;
        _random = SimRandom.Named(world.Seed, "network");
        Faults = new NetworkFaults(world);
        Packets = new SimPackets(this);
    }

    public World World { get; }

    public NetworkFaults Faults { get; }

    /// <summary>What travels without a connection.</summary>
    public SimPackets Packets { get; }

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

    /// <summary>A process at an address has died: its connections end, and those at the other ends are told.</summary>
    public void Disconnect(NodeAddress address)
    {
        _listeners.Remove(address);
        foreach (SimConnection end in _ends.Where(end => end.Local == address).ToArray())
        {
            end.End();
        }
    }

    /// <summary>A machine at an address has lost its power: its connections end, and nobody is told.</summary>
    public void Vanish(NodeAddress address)
    {
        _listeners.Remove(address);
        foreach (SimConnection end in _ends.Where(end => end.Local == address).ToArray())
        {
            end.Vanish();
        }
    }

    public bool Chance(double probability) => _random.Chance(probability);

    public TimeSpan DrawDelay(LinkQuality quality)
    {
        TimeSpan delay = quality.Delay + _random.Between(TimeSpan.Zero, quality.Jitter);
        return _random.Chance(quality.Detour)
            ? delay + _random.Between(TimeSpan.Zero, quality.DetourDelay)
            : delay;
    }

    public void Add(SimConnection end) => _ends.Add(end);

    public void Remove(SimConnection end) => _ends.Remove(end);

    public void CountDelivered() => Delivered++;

    /// <summary>Does something later, whatever becomes of the process that asked for it.</summary>
    public void After(TimeSpan delay, Action action) =>
        World.Root.Time.CreateTimer(static state => ((Action)state!)(), action, delay, Timeout.InfiniteTimeSpan);
}

namespace Cairn.Testing.Simulation.Networks;

/// <summary>One-way packets between addresses, with everything that can happen to them.</summary>
/// <remarks>
/// Invariants: what a packet suffers comes from the seed. A packet outlives its sender: it is under way in the network,
/// not in the process. A packet knows an address only: it reaches whoever listens there when it arrives.
/// Concurrency: inside a world only.
/// </remarks>
internal sealed class PacketNetwork
{
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimProcess _wire;
    private readonly Dictionary<string, SimEndpoint> _endpoints = new(StringComparer.Ordinal);

    public PacketNetwork(World world)
    {
        _world = world;
        _random = SimRandom.Named(world.Seed, "network");
        _wire = new SimProcess(world, "network");
        Faults = new NetworkFaults(world);
    }

    public NetworkFaults Faults { get; }

    public long SentPackets { get; private set; }

    public long SentBytes { get; private set; }

    public long LostPackets { get; private set; }

    /// <summary>Listens at an address, in place of whoever listened there before.</summary>
    public void Listen(string address, SimEndpoint endpoint) => _endpoints[address] = endpoint;

    /// <summary>Sends a packet; whether it arrives is never told.</summary>
    /// <param name="from">The sender's address.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="packet">Kept until it is delivered: not to be changed.</param>
    public void Send(string from, string to, ReadOnlyMemory<byte> packet)
    {
        _world.AssertInside();
        SentPackets++;
        SentBytes += packet.Length;
        LinkQuality quality = Faults.GetQuality(from, to);
        if (Faults.IsCut(from, to) || _random.Chance(quality.Loss))
        {
            LostPackets++;
            return;
        }

        Carry(from, to, packet, quality);
        if (_random.Chance(quality.Duplication))
        {
            Carry(from, to, packet, quality);
        }
    }

    private void Carry(string from, string to, ReadOnlyMemory<byte> packet, LinkQuality quality)
    {
        TimeSpan delay = quality.Delay + _random.Between(TimeSpan.Zero, quality.Jitter);
        if (_random.Chance(quality.Detour))
        {
            delay += _random.Between(TimeSpan.Zero, quality.DetourDelay);
        }

        _world.Trace.Mix((ulong)delay.Ticks ^ (ulong)packet.Length);
        _wire.Time.CreateTimer(
            _ => Deliver(from, to, packet), null, delay, Timeout.InfiniteTimeSpan);
    }

    private void Deliver(string from, string to, ReadOnlyMemory<byte> packet)
    {
        if (Faults.IsCut(from, to)
            || !_endpoints.TryGetValue(to, out SimEndpoint? endpoint)
            || !endpoint.Process.IsAlive
            || !endpoint.TryPost(from, packet))
        {
            LostPackets++;
        }
    }
}

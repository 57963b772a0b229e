namespace Cairn.Testing.Simulation.Network;

/// <summary>One-way packets between the addresses of a network, with everything that can happen to them.</summary>
/// <remarks>
/// Invariants: what a packet suffers comes from the seed. A packet outlives its sender: it is under way in the network,
/// not in the process. A packet knows an address only: it reaches whoever listens there when it arrives.
/// Concurrency: inside a world only.
/// </remarks>
internal sealed class SimPackets(SimNetwork network)
{
    private readonly Dictionary<string, SimEndpoint> _endpoints = new(StringComparer.Ordinal);

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
        network.World.AssertInside();
        SentPackets++;
        SentBytes += packet.Length;
        LinkQuality quality = network.Faults.GetQuality(from, to);
        if (network.Faults.IsCut(from, to) || network.Chance(quality.Loss))
        {
            LostPackets++;
            return;
        }

        Carry(from, to, packet, quality);
        if (network.Chance(quality.Duplication))
        {
            Carry(from, to, packet, quality);
        }
    }

    private void Carry(string from, string to, ReadOnlyMemory<byte> packet, LinkQuality quality)
    {
        TimeSpan delay = network.DrawDelay(quality);
        network.World.Trace.Mix((ulong)delay.Ticks ^ (ulong)packet.Length);
        network.After(delay, () => Deliver(from, to, packet));
    }

    private void Deliver(string from, string to, ReadOnlyMemory<byte> packet)
    {
        if (network.Faults.IsCut(from, to)
            || !_endpoints.TryGetValue(to, out SimEndpoint? endpoint)
            || !endpoint.Process.IsAlive
            || !endpoint.TryPost(from, packet))
        {
            LostPackets++;
        }
    }
}

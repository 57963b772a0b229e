using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>The network as one process sees it.</summary>
internal sealed class SimTransport(SimNetwork network, SimProcess process, NodeAddress local) : INodeTransport
{
    public async ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        network.World.AssertInside();
        if (network.Faults.IsCut(local.Host, address.Host) || network.Faults.IsCut(address.Host, local.Host))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, process.Time, cancellationToken);
        }

        TimeSpan there = network.DrawDelay(network.Faults.GetQuality(local.Host, address.Host));
        TimeSpan back = network.DrawDelay(network.Faults.GetQuality(address.Host, local.Host));
        await Task.Delay(there + back, process.Time, cancellationToken);
        if (network.ListenerAt(address) is not { } listener)
        {
            throw new TransportException(TransportFault.Unreachable, $"Nobody listens at {address}.");
        }

        (SimConnection here, SimConnection remote) = SimConnection.Pair(network, local, address);
        listener.Offer(remote);
        return here;
    }
}

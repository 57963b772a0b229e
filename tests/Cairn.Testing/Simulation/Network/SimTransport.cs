using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>The network as one process sees it.</summary>
internal sealed class SimTransport(SimNetwork network, SimProcess process, NodeAddress local) : INodeTransport
{
    public async ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        network.World.AssertInside();
        if (network.IsCut(local, address) || network.IsCut(address, local))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, process.Time, cancellationToken);
        }

        await Task.Delay(network.DrawDelay() + network.DrawDelay(), process.Time, cancellationToken);
        if (network.ListenerAt(address) is not { } listener)
        {
            throw new TransportException(TransportFault.Unreachable, $"Nobody listens at {address}.");
        }

        (SimConnection here, SimConnection there) = SimConnection.Pair(network, local, address);
        listener.Offer(there);
        return here;
    }
}

namespace Cairn.Cluster.Transport;

/// <summary>Connects to other nodes: TCP in production, a network that misbehaves by seed in the simulator.</summary>
public interface INodeTransport
{
    /// <summary>
    /// Opens a connection to a node that has proved who it is and to whom this node has, too. The caller disposes it.
    /// </summary>
    /// <exception cref="TransportException">Not reached or refused; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing stays open.</exception>
    ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken);
}

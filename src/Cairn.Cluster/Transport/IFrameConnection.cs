namespace Cairn.Cluster.Transport;

/// <summary>One connection to one node, moving frames both ways.</summary>
/// <remarks>
/// Invariants: a frame arrives whole and unaltered. Over sockets frames arrive in order and once; code above does not
/// rest on that, so that a simulated network may lose, repeat and reorder them.
/// Concurrency: sends from anywhere; one receiver.
/// Failure: a connection that breaks ends; nobody learns which of the last frames arrived.
/// </remarks>
public interface IFrameConnection : IAsyncDisposable
{
    /// <summary>Who is at the other end, for people: an address.</summary>
    string Peer { get; }

    /// <summary>Queues a frame, waiting while too much is queued. Takes the frame over, whatever happens.</summary>
    /// <returns>False when the connection has ended.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while waiting: the frame will not be sent.</exception>
    ValueTask<bool> SendAsync(Frame frame, CancellationToken cancellationToken);

    /// <summary>Queues a frame if there is room right now. Takes the frame over, whatever happens.</summary>
    bool TrySend(Frame frame);

    /// <summary>Both ends speak this version from now on; what is sent may make use of it.</summary>
    void Speak(byte version)
    {
        // A connection whose frames look alike in all versions has nothing to change.
    }

    /// <summary>The next frame, which the caller disposes; null when the connection has ended.</summary>
    /// <exception cref="TransportException">The other end sent what no node sends; the connection has ended.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the connection is of no more use.</exception>
    ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken);
}

namespace Cairn.Cluster.Transport;

/// <summary>Takes connections from other nodes. What does not prove that it is one never gets past it.</summary>
public interface INodeListener : IAsyncDisposable
{
    /// <summary>The next connection of a node, which the caller disposes; null after the listener was disposed.</summary>
    ValueTask<IFrameConnection?> AcceptAsync(CancellationToken cancellationToken);
}

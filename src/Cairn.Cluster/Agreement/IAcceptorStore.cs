namespace Cairn.Cluster.Agreement;

/// <summary>Keeps a node's acceptor state on its drives.</summary>
public interface IAcceptorStore
{
    /// <summary>The state last saved; null when none ever was, as far as these drives know.</summary>
    /// <exception cref="IOException">Too few drives can be read to be sure.</exception>
    ValueTask<AcceptorState?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Durable on success.</summary>
    /// <exception cref="IOException">It may be durable or not; the node must not answer.</exception>
    ValueTask SaveAsync(AcceptorState state, CancellationToken cancellationToken);
}

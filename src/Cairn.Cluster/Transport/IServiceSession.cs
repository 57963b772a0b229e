namespace Cairn.Cluster.Transport;

/// <summary>One node's use of a service, from its connection to the end of it.</summary>
public interface IServiceSession : IAsyncDisposable
{
    /// <summary>Serves a call. Calls begin in the order in which they arrived, up to their first wait.</summary>
    /// <param name="operation">The service's own number of what to do.</param>
    /// <param name="request">Valid until the call ends.</param>
    /// <param name="cancellationToken">The caller has given up, or is gone.</param>
    /// <exception cref="MessageFormatException">The request cannot be read; answered Malformed.</exception>
    ValueTask<CallReply> CallAsync(byte operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken);

    /// <summary>Takes a one-way message, and returns at once.</summary>
    /// <exception cref="MessageFormatException">The message cannot be read; it is counted and left out.</exception>
    void Receive(byte operation, ReadOnlyMemory<byte> message);
}

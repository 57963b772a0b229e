using System.Threading.Channels;
using Cairn.Cluster.Transport;

namespace Cairn.Testing.Links;

/// <summary>Connections within the process, without delay or fault, on whatever threads there are.</summary>
internal sealed class MemoryTransport : INodeTransport, INodeListener
{
    private readonly Channel<IFrameConnection> _offered = Channel.CreateUnbounded<IFrameConnection>();

    /// <summary>What each end of a new connection is wrapped in, to see or to break what it sends.</summary>
    public Func<IFrameConnection, IFrameConnection> Wrap { get; init; } = static connection => connection;

    public ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        (MemoryConnection here, MemoryConnection there) = MemoryConnection.Pair();
        return _offered.Writer.TryWrite(there)
            ? ValueTask.FromResult(Wrap(here))
            : throw new TransportException(TransportFault.Unreachable, $"Nobody listens at {address}.");
    }

    public async ValueTask<IFrameConnection?> AcceptAsync(CancellationToken cancellationToken) =>
        await _offered.Reader.WaitToReadAsync(cancellationToken) && _offered.Reader.TryRead(out IFrameConnection? offered)
            ? offered
            : null;

    public ValueTask DisposeAsync()
    {
        _offered.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}

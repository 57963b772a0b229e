using System.Threading.Channels;
using Cairn.Cluster.Transport;

namespace Cairn.Testing.Links;

/// <summary>One end of a connection within the process.</summary>
internal sealed class MemoryConnection : IFrameConnection
{
    private const int MaxFrames = 256;

    private readonly Channel<Frame> _incoming;
    private readonly Channel<Frame> _outgoing;

    private MemoryConnection(Channel<Frame> incoming, Channel<Frame> outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    public string Peer => "memory";

    public static (MemoryConnection Here, MemoryConnection There) Pair()
    {
        Channel<Frame> one = Channel.CreateBounded<Frame>(MaxFrames);
        Channel<Frame> other = Channel.CreateBounded<Frame>(MaxFrames);
        return (new MemoryConnection(one, other), new MemoryConnection(other, one));
    }

    public async ValueTask<bool> SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(frame, cancellationToken);
            return true;
        }
        catch (ChannelClosedException)
        {
            frame.Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            frame.Dispose();
            throw;
        }
    }

    public bool TrySend(Frame frame)
    {
        if (_outgoing.Writer.TryWrite(frame))
        {
            return true;
        }

        frame.Dispose();
        return false;
    }

    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken) =>
        await _incoming.Reader.WaitToReadAsync(cancellationToken) && _incoming.Reader.TryRead(out Frame? frame)
            ? frame
            : null;

    public ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        _outgoing.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}

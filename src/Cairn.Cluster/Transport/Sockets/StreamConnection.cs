using Cairn.Cluster.Security;

namespace Cairn.Cluster.Transport.Sockets;

/// <summary>Frames over a stream that two nodes have secured.</summary>
internal sealed class StreamConnection : IFrameConnection
{
    private readonly Stream _stream;
    private readonly FrameOutbox _outbox;
    private readonly FrameInbox _inbox;
    private readonly Lock _gate = new();
    private bool _isReceiving;
    private bool _isEnded;

    public StreamConnection(SecuredStream secured, string peer, int maxQueuedBytes)
    {
        _stream = secured.Stream;
        Peer = peer;
        _outbox = new FrameOutbox(_stream, secured.Outgoing, maxQueuedBytes) { OnFailed = End };
        _inbox = new FrameInbox(_stream, secured.Incoming);
    }

    public string Peer { get; }

    public ValueTask<bool> SendAsync(Frame frame, CancellationToken cancellationToken) =>
        _outbox.SendAsync(frame, cancellationToken);

    public bool TrySend(Frame frame) => _outbox.TrySend(frame);

    public void Speak(byte version)
    {
        if (version >= ProtocolRange.WithBundles)
        {
            _outbox.BeginBundles();
        }
    }

    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return null;
            }

            _isReceiving = true;
        }

        Frame? frame = null;
        try
        {
            frame = await _inbox.ReceiveAsync(cancellationToken);
            return frame;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            EndReceiving(frame is null);
        }
    }

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    private void EndReceiving(bool isLast)
    {
        bool isOver;
        lock (_gate)
        {
            _isReceiving = false;
            isOver = _isEnded;
        }

        if (isOver)
        {
            _inbox.Dispose();
        }
        else if (isLast)
        {
            End();
        }
    }

    private void End()
    {
        bool isReceiving;
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
            isReceiving = _isReceiving;
        }

        _outbox.End();
        _stream.Dispose();
        if (!isReceiving)
        {
            _inbox.Dispose();
        }
    }
}

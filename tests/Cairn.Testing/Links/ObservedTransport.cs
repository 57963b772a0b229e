using Cairn.Cluster.Transport;

namespace Cairn.Testing.Links;

/// <summary>A transport that shows the frames of its connections to a test: before they are sent, and when they came.</summary>
internal sealed class ObservedTransport(INodeTransport inner, Action<Frame> sending, Action<Frame>? received = null)
    : INodeTransport
{
    public async ValueTask<IFrameConnection> ConnectAsync(NodeAddress address, CancellationToken cancellationToken) =>
        new Connection(await inner.ConnectAsync(address, cancellationToken), sending, received);

    private sealed class Connection(IFrameConnection inner, Action<Frame> sending, Action<Frame>? received) : IFrameConnection
    {
        public string Peer => inner.Peer;

        public ValueTask<bool> SendAsync(Frame frame, CancellationToken cancellationToken)
        {
            sending(frame);
            return inner.SendAsync(frame, cancellationToken);
        }

        public bool TrySend(Frame frame)
        {
            sending(frame);
            return inner.TrySend(frame);
        }

        public void Speak(byte version) => inner.Speak(version);

        public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
        {
            Frame? frame = await inner.ReceiveAsync(cancellationToken);
            if (frame is not null)
            {
                received?.Invoke(frame);
            }

            return frame;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

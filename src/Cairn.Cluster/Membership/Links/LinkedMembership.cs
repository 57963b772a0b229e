using System.Collections.Concurrent;
using Cairn.Cluster.Transport;

namespace Cairn.Cluster.Membership.Links;

/// <summary>Membership over the links between nodes: sends its messages, serves those of others, and passes hints on.</summary>
/// <remarks>
/// A link that broke is a reason to probe the node at once; a message of a node that this one has no connection to is a
/// reason to connect at once. Messages of strangers do not get here: links prove who is at the other end.
/// Concurrency: bind the agent before anything is started; then any caller. Links may be added at any time.
/// </remarks>
public sealed class LinkedMembership : IMembershipLink, INodeService
{
    // The service has one operation.
    private const byte Message = 1;

    private readonly ConcurrentDictionary<string, LinkState> _byAddress = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LinkState> _byName = new(StringComparer.Ordinal);
    private MembershipAgent? _agent;

    public byte Number => ServiceNumbers.Membership;

    /// <summary>Who takes the messages in. Once.</summary>
    public void Bind(MembershipAgent agent) => _agent = agent;

    /// <summary>Adds the way to another node. Not owned.</summary>
    /// <param name="name">As the node calls itself in its identity.</param>
    /// <param name="link">Its address, as text, is the member's address.</param>
    public void Add(string name, NodeLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        var state = new LinkState(link);
        _byAddress[link.Address.ToString()] = state;
        _byName[name] = state;
        link.Changed += _ => NoteChange(state);
    }

    /// <inheritdoc/>
    public void Send(string address, ReadOnlyMemory<byte> message)
    {
        if (!_byAddress.TryGetValue(address, out LinkState? state))
        {
            return;
        }

        Frame frame = Frame.To(ServiceNumbers.Membership, Message, message.Length);
        message.Span.CopyTo(frame.Reserve(message.Length).Span);
        frame.Advance(message.Length);
        state.Link.TryPost(frame);
    }

    /// <inheritdoc/>
    public IServiceSession Open(IServicePeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return new Session(this, _byName.GetValueOrDefault(peer.Identity.Name));
    }

    // Raised for both connections of a link and for each vain try; only the loss itself says something new.
    private void NoteChange(LinkState state)
    {
        bool isConnected = state.Link.IsConnected;
        if (state.Exchange(isConnected) && !isConnected)
        {
            _agent?.Doubt(state.Link.Address.ToString());
        }
    }

    private sealed class LinkState(NodeLink link)
    {
        private int _wasConnected;

        public NodeLink Link => link;

        /// <returns>What it was before.</returns>
        public bool Exchange(bool isConnected) => Interlocked.Exchange(ref _wasConnected, isConnected ? 1 : 0) == 1;
    }

    private sealed class Session(LinkedMembership owner, LinkState? sender) : IServiceSession
    {
        public ValueTask<CallReply> CallAsync(
            byte operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
            throw new MessageFormatException("Membership takes one-way messages only.");

        public void Receive(byte operation, ReadOnlyMemory<byte> message)
        {
            if (operation != Message)
            {
                throw new MessageFormatException($"Membership has no operation {operation}.");
            }

            if (sender is { Link.IsConnected: false })
            {
                sender.Link.Hurry();
            }

            owner._agent?.Receive(message.Span);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

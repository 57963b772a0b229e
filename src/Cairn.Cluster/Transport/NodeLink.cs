namespace Cairn.Cluster.Transport;

/// <summary>The way to one other node: calls, one-way messages and what it sends back unasked.</summary>
/// <remarks>
/// Purpose: everything that this node wants of another one goes through one link, which keeps itself connected.
/// Failure: without a connection a call is answered Lost at once; nothing is queued for later and nothing is sent twice.
/// Concurrency: any caller.
/// </remarks>
public sealed class NodeLink : IAsyncDisposable
{
    private readonly LaneKeeper[] _lanes;
    private readonly TransportParts _parts;
    private readonly Lock _gate = new();
    private readonly Dictionary<byte, MessageHandler> _handlers = [];
    private int _isDisposed;

    public NodeLink(NodeAddress address, INodeTransport transport, TransportParts parts)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(parts);
        Address = address;
        _parts = parts;
        _lanes = [.. Enum.GetValues<LinkLane>().Select(lane => new LaneKeeper(this, lane, transport, parts))];
    }

    /// <summary>Raised after IsConnected or Problem changed; the handler must return at once.</summary>
    public event Action<NodeLink>? Changed;

    public NodeAddress Address { get; }

    /// <summary>The other node answers; of its small calls' lane, which is what counts for its state.</summary>
    public bool IsConnected => Session(LinkLane.Calls) is not null;

    /// <summary>Who is there; null while nobody is.</summary>
    public NodeIdentity? Peer => Session(LinkLane.Calls)?.Peer;

    /// <summary>Why it is not connected, as a sentence for the operator; null while it is.</summary>
    public string? Problem { get; private set; } = "not connected yet";

    /// <summary>Begins to connect, and goes on until it is disposed. Subscribe before.</summary>
    public void Start() => Array.ForEach(_lanes, lane => lane.Start());

    /// <summary>Who gets the messages that the other node's service sends back. One per service.</summary>
    public void Subscribe(byte service, MessageHandler handler)
    {
        lock (_gate)
        {
            _handlers.Add(service, handler);
        }
    }

    /// <summary>Connects now instead of after the pause: somebody has heard from the node.</summary>
    public void Hurry() => Array.ForEach(_lanes, lane => lane.Hurry());

    /// <summary>Ends once the node is connected.</summary>
    public async ValueTask WaitConnectedAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChanged(NodeLink link)
        {
            if (link._lanes.All(lane => lane.Session is not null))
            {
                connected.TrySetResult();
            }
        }

        Changed += OnChanged;
        OnChanged(this);
        try
        {
            await connected.WaitAsync(cancellationToken);
        }
        finally
        {
            Changed -= OnChanged;
        }
    }

    /// <summary>Sends a request made by Frame.To on the lane of small calls. Takes the frame over.</summary>
    /// <exception cref="OperationCanceledException">It may or may not happen.</exception>
    public ValueTask<CallReply> CallAsync(Frame request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Session(LinkLane.Calls) is { } session)
        {
            return session.CallAsync(request, cancellationToken);
        }

        request.Dispose();
        return ValueTask.FromResult(CallReply.Of(CallStatus.Lost));
    }

    /// <summary>Sends a one-way message made by Frame.To, if there is a connection with room. Takes it over.</summary>
    /// <returns>False when it was surely not sent.</returns>
    public bool TryPost(Frame message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Session(LinkLane.Calls) is { } session)
        {
            return session.TryPost(message);
        }

        message.Dispose();
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        foreach (LaneKeeper lane in _lanes)
        {
            await lane.DisposeAsync();
        }
    }

    internal LinkSession? Session(LinkLane lane) => _lanes[(int)lane].Session;

    internal void NoteConnected(LinkLane lane, LinkSession session)
    {
        if (lane == LinkLane.Calls)
        {
            Problem = null;
            TransportLog.LinkConnected(_parts.Logger, Address, session.Version);
        }

        // The node is there: a lane that still waits for its next try would leave it half reachable.
        Hurry();
        Changed?.Invoke(this);
    }

    internal void NoteLost(LinkLane lane, string problem)
    {
        if (lane == LinkLane.Calls && problem != Problem && Volatile.Read(ref _isDisposed) == 0)
        {
            Problem = problem;
            TransportLog.LinkLost(_parts.Logger, Address, problem);
        }

        Changed?.Invoke(this);
    }

    internal void Receive(Frame message)
    {
        MessageHandler? handler;
        lock (_gate)
        {
            _handlers.TryGetValue(message.Service, out handler);
        }

        try
        {
            handler?.Invoke(message.Operation, message.Payload);
        }
        catch (MessageFormatException e)
        {
            TransportLog.MessageMalformed(_parts.Logger, Address.ToString(), message.Service, message.Operation, e.Message);
        }
    }
}

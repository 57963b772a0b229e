namespace Cairn.Cluster.Transport;

/// <summary>One connection of another node, from the side that serves it.</summary>
/// <remarks>
/// Steps: (1) requests begin in the order in which they arrive, each once; (2) their answers go out as they come; (3) at
/// the end, calls under way are cancelled, and what services hold for the session is let go when they have ended.
/// Invariants: after FenceAsync no call begins any more.
/// Concurrency: one loop receives and begins calls; they end anywhere.
/// </remarks>
internal sealed class ServedSession : IServicePeer
{
    private readonly IFrameConnection _connection;
    private readonly TransportParts _parts;
    private readonly Hello _hello;
    private readonly IReadOnlyDictionary<byte, INodeService> _services;
    private readonly Dictionary<byte, IServiceSession> _open = [];
    private readonly SeenCalls _seen = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, CancellationTokenSource> _calls = [];
    private readonly TaskCompletionSource _loopEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isFenced;
    private bool _isEnded;
    private long _heardAt;

    public ServedSession(
        IFrameConnection connection,
        TransportParts parts,
        Hello hello,
        byte version,
        IReadOnlyDictionary<byte, INodeService> services)
    {
        _connection = connection;
        _parts = parts;
        _hello = hello;
        _services = services;
        Version = version;
        _heardAt = parts.Time.GetTimestamp();
    }

    public NodeIdentity Identity => _hello.Sender;

    public LinkLane Lane => _hello.Lane;

    public byte Version { get; }

    public ulong Number => _hello.Number;

    public (ulong Instance, LinkLane Lane) Key => (Identity.Instance, Lane);

    public bool TryPost(Frame message)
    {
        message.Address(FrameKind.Message, 0);
        return _connection.TrySend(message);
    }

    /// <summary>Welcomes the other node and serves it until the connection ends.</summary>
    /// <exception cref="TransportException">The other end sent what no node sends.</exception>
    public async Task RunAsync()
    {
        using ITimer watch = _parts.Time.CreateTimer(
            static session => ((ServedSession)session!).Watch(), this, _parts.Options.PingPeriod, _parts.Options.PingPeriod);
        try
        {
            OpenServices();
            await _connection.SendAsync(Hello.EncodeWelcome(_parts.Identity, Version), CancellationToken.None);
            _connection.Speak(Version);
            while (!_isFenced && await _connection.ReceiveAsync(CancellationToken.None) is { } frame)
            {
                Volatile.Write(ref _heardAt, _parts.Time.GetTimestamp());
                if (_isFenced)
                {
                    frame.Dispose();
                    break;
                }

                Take(frame);
            }
        }
        finally
        {
            _loopEnded.SetResult();
            await EndAsync();
        }
    }

    /// <summary>Lets no call begin any more, and ends the connection.</summary>
    public async ValueTask FenceAsync()
    {
        _isFenced = true;
        await _connection.DisposeAsync();
        await _loopEnded.Task;
    }

    private void OpenServices()
    {
        foreach (INodeService service in _services.Values)
        {
            _open.Add(service.Number, service.Open(this));
        }
    }

    private void Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Request:
                Begin(frame);
                return;
            case FrameKind.Cancel:
                Cancel(frame.Call);
                break;
            case FrameKind.Message:
                Receive(frame);
                break;
            case FrameKind.Ping:
                _connection.TrySend(Frame.Rent(FrameKind.Pong));
                break;
            case FrameKind.Pong:
                break;
            default:
                string kind = frame.Kind.ToString();
                frame.Dispose();
                throw new TransportException(TransportFault.Malformed, $"A frame of kind {kind} came in the middle of a session.");
        }

        frame.Dispose();
    }

    // (1)
    private void Begin(Frame request)
    {
        if (!_seen.TryAdd(request.Call))
        {
            request.Dispose();
            return;
        }

        CancellationTokenSource cancellation = new();
        bool isAdmitted;
        lock (_gate)
        {
            isAdmitted = _calls.Count < _parts.Options.MaxCalls;
            if (isAdmitted)
            {
                _calls.Add(request.Call, cancellation);
            }
        }

        if (!isAdmitted)
        {
            cancellation.Dispose();
            _connection.TrySend(CallReply.Of(CallStatus.Busy).TakeFrame(request.Call));
            request.Dispose();
            return;
        }

        _ = ServeAsync(request, cancellation.Token);
    }

#pragma warning disable CA1031 // The boundary of a call: a defect in one must not end the others, and is logged.
    private async Task ServeAsync(Frame request, CancellationToken cancellationToken)
    {
        ulong call = request.Call;
        try
        {
            CallReply reply = await CallAsync(request, cancellationToken);
            await _connection.SendAsync(reply.TakeFrame(call), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller has given up: nobody waits for an answer.
        }
        catch (Exception e)
        {
            TransportLog.CallFailed(_parts.Logger, e, Identity.Name, request.Service, request.Operation);
            _connection.TrySend(CallReply.Of(CallStatus.Failed).TakeFrame(call));
        }
        finally
        {
            request.Dispose();
            Finish(call);
        }
    }
#pragma warning restore CA1031

    private async ValueTask<CallReply> CallAsync(Frame request, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(request.Service, out IServiceSession? service))
        {
            return CallReply.Of(CallStatus.Unknown);
        }

        try
        {
            return await service.CallAsync(request.Operation, request.Payload, cancellationToken);
        }
        catch (MessageFormatException e)
        {
            TransportLog.MessageMalformed(_parts.Logger, Identity.Name, request.Service, request.Operation, e.Message);
            return CallReply.Of(CallStatus.Malformed);
        }
    }

    private void Finish(ulong call)
    {
        bool isIdle;
        lock (_gate)
        {
            _calls.Remove(call, out CancellationTokenSource? cancellation);
            cancellation?.Dispose();
            isIdle = _isEnded && _calls.Count == 0;
        }

        if (isIdle)
        {
            _idle.TrySetResult();
        }
    }

    // Seen, so that a request which arrives behind its cancellation does not begin.
    private void Cancel(ulong call)
    {
        if (_seen.TryAdd(call))
        {
            return;
        }

        CancellationTokenSource? cancellation;
        lock (_gate)
        {
            _calls.TryGetValue(call, out cancellation);
        }

        TryCancel(cancellation);
    }

    private static void TryCancel(CancellationTokenSource? cancellation)
    {
        try
        {
            cancellation?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended.
        }
    }

    private void Receive(Frame message)
    {
        try
        {
            if (_open.TryGetValue(message.Service, out IServiceSession? service))
            {
                service.Receive(message.Operation, message.Payload);
            }
        }
        catch (MessageFormatException e)
        {
            TransportLog.MessageMalformed(_parts.Logger, Identity.Name, message.Service, message.Operation, e.Message);
        }
    }

    private void Watch()
    {
        if (_parts.Time.GetElapsedTime(Volatile.Read(ref _heardAt)) >= _parts.Options.SilenceLimit)
        {
            _parts.Scheduler.Start(() => _connection.DisposeAsync().AsTask());
        }
    }

    // (3)
    private async ValueTask EndAsync()
    {
        CancellationTokenSource[] calls;
        lock (_gate)
        {
            _isEnded = true;
            calls = [.. _calls.Values];
        }

        await _connection.DisposeAsync();
        if (calls.Length > 0)
        {
            Array.ForEach(calls, TryCancel);
            await _idle.Task;
        }

        foreach (IServiceSession service in _open.Values)
        {
            await service.DisposeAsync();
        }
    }
}

namespace Cairn.Cluster.Transport;

/// <summary>One connection to another node, from the side that made it: calls and one-way messages out, answers in.</summary>
/// <remarks>
/// Steps: (1) hello, and the version to speak; (2) answers are matched to calls by number; (3) when the connection ends or
/// is silent for too long, all calls under way end as Lost.
/// Invariants: a request is sent once, never again: whether to repeat it only its caller can know.
/// Concurrency: calls from anywhere; one loop receives.
/// </remarks>
internal sealed class LinkSession : IAsyncDisposable
{
    private readonly IFrameConnection _connection;
    private readonly TransportParts _parts;
    private readonly Action<Frame> _onMessage;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingCall> _pending = [];
    private ulong _lastCall;
    private ulong _lastHandle;
    private bool _isEnded;
    private long _heardAt;

    private LinkSession(
        IFrameConnection connection, TransportParts parts, Action<Frame> onMessage, NodeIdentity peer, byte version)
    {
        _connection = connection;
        _parts = parts;
        _onMessage = onMessage;
        Peer = peer;
        Version = version;
        _heardAt = parts.Time.GetTimestamp();
    }

    public NodeIdentity Peer { get; }

    /// <summary>The version of messages that both ends speak.</summary>
    public byte Version { get; }

    /// <summary>(1) Greets the node. Takes the connection over, also when it fails.</summary>
    /// <exception cref="TransportException">The other node refuses, or does not speak our language.</exception>
    public static async ValueTask<LinkSession> OpenAsync(
        IFrameConnection connection,
        TransportParts parts,
        Hello hello,
        Action<Frame> onMessage,
        CancellationToken cancellationToken)
    {
        try
        {
            if (!await connection.SendAsync(hello.Encode(), cancellationToken))
            {
                throw Gone(connection);
            }

            using Frame answer = await connection.ReceiveAsync(cancellationToken) ?? throw Gone(connection);
            if (answer.Kind == FrameKind.Refusal)
            {
                throw new TransportException(TransportFault.Refused, Hello.DecodeRefusal(answer));
            }

            (NodeIdentity peer, byte version) = Hello.DecodeWelcome(answer);
            if (version < hello.Sender.Versions.Oldest || version > hello.Sender.Versions.Newest)
            {
                throw new TransportException(
                    TransportFault.Incompatible, $"Node {peer.Name} answers with version {version} of the messages between nodes.");
            }

            connection.Speak(version);
            return new LinkSession(connection, parts, onMessage, peer, version);
        }
        catch (MessageFormatException e)
        {
            await connection.DisposeAsync();
            throw new TransportException(TransportFault.Malformed, $"{connection.Peer} does not answer like a node: {e.Message}", e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request made by Frame.To, and waits for the answer. Takes the frame over.</summary>
    /// <exception cref="OperationCanceledException">It may or may not happen.</exception>
    public async ValueTask<CallReply> CallAsync(Frame request, CancellationToken cancellationToken)
    {
        PendingCall call = new();
        ulong number;
        lock (_gate)
        {
            if (_isEnded || _pending.Count >= _parts.Options.MaxCalls)
            {
                request.Dispose();
                return CallReply.Of(_isEnded ? CallStatus.Lost : CallStatus.Busy);
            }

            number = ++_lastCall;
            _pending.Add(number, call);
        }

        request.Address(FrameKind.Request, number);
        try
        {
            if (!await _connection.SendAsync(request, cancellationToken))
            {
                return CallReply.Of(CallStatus.Lost);
            }

            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((PendingCall)state!).Cancel(token), call);
            return await call.Answered;
        }
        catch (OperationCanceledException)
        {
            Frame cancellation = Frame.Rent(FrameKind.Cancel);
            cancellation.Address(FrameKind.Cancel, number);
            _connection.TrySend(cancellation);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _pending.Remove(number);
            }
        }
    }

    /// <summary>A number that nothing else in this session has, for what the other node is to keep for it.</summary>
    public ulong NextHandle() => Interlocked.Increment(ref _lastHandle);

    /// <summary>Sends a one-way message made by Frame.To, if there is room. Takes it over.</summary>
    public bool TryPost(Frame message)
    {
        message.Address(FrameKind.Message, 0);
        return _connection.TrySend(message);
    }

    /// <summary>(2) Receives until the connection ends.</summary>
    /// <exception cref="TransportException">The other end sent what no node sends.</exception>
    public async Task RunAsync()
    {
        using ITimer pinger = _parts.Time.CreateTimer(
            static session => ((LinkSession)session!).Ping(), this, _parts.Options.PingPeriod, _parts.Options.PingPeriod);
        try
        {
            while (await _connection.ReceiveAsync(CancellationToken.None) is { } frame)
            {
                Volatile.Write(ref _heardAt, _parts.Time.GetTimestamp());
                Take(frame);
            }
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>(3)</summary>
    public async ValueTask DisposeAsync()
    {
        PendingCall[] lost;
        lock (_gate)
        {
            _isEnded = true;
            lost = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (PendingCall call in lost)
        {
            call.Lose();
        }

        await _connection.DisposeAsync();
    }

    private static TransportException Gone(IFrameConnection connection) =>
        new(TransportFault.Unreachable, $"{connection.Peer} hung up.");

    private void Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Response:
                PendingCall? call;
                lock (_gate)
                {
                    _pending.Remove(frame.Call, out call);
                }

                // None: given up, or answered already.
                if (call is null)
                {
                    frame.Dispose();
                }
                else
                {
                    call.Answer(frame);
                }

                break;
            case FrameKind.Message:
                using (frame)
                {
                    _onMessage(frame);
                }

                break;
            default:
                frame.Dispose();
                break;
        }
    }

    private void Ping()
    {
        TimeSpan silence = _parts.Time.GetElapsedTime(Volatile.Read(ref _heardAt));
        if (silence >= _parts.Options.SilenceLimit)
        {
            _parts.Scheduler.Start(() => _connection.DisposeAsync().AsTask());
        }
        else
        {
            // Also while the other end talks: it wants a sign of life as well, and hears nothing of one who only listens.
            _connection.TrySend(Frame.Rent(FrameKind.Ping));
        }
    }
}

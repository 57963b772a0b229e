namespace Cairn.Cluster.Transport;

/// <summary>Serves other nodes: takes their connections, agrees on a version, and hands their calls to the services.</summary>
/// <remarks>
/// Steps for each connection: (1) hello, within the time for it; (2) a version that both speak, or a refusal that says
/// what to do; (3) end of the older sessions of the same lane; (4) welcome, and serve.
/// Invariants: of one lane of one process of another node only the newest session begins calls. A call of an older one
/// that was given up by its caller and is still under way through the network can therefore not overtake a newer one.
/// Concurrency: one loop accepts; each session has its own.
/// </remarks>
public sealed class NodeServer : IAsyncDisposable
{
    private readonly TransportParts _parts;
    private readonly INodeListener _listener;
    private readonly IReadOnlyDictionary<byte, INodeService> _services;
    private readonly RefusalLog _refusals;
    private readonly Lock _gate = new();
    private readonly Dictionary<(ulong Instance, LinkLane Lane), ServedSession> _newest = [];
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposed;

    /// <param name="parts">Who this node is, and its seams.</param>
    /// <param name="listener">Where nodes come in; disposed with the server.</param>
    /// <param name="services">What it does for them.</param>
    /// <param name="refusals">Where refusals are counted.</param>
    public NodeServer(
        TransportParts parts, INodeListener listener, IEnumerable<INodeService> services, RefusalLog refusals)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        _listener = listener;
        _services = services.ToDictionary(service => service.Number);
        _refusals = refusals;
    }

    public void Start() => _parts.Scheduler.Start(AcceptAsync);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _closing.Cancel();
        await _listener.DisposeAsync();
        await _stopped.Task;
        Task[] running;
        ServedSession[] sessions;
        lock (_gate)
        {
            running = [.. _running];
            sessions = [.. _newest.Values];
        }

        foreach (ServedSession session in sessions)
        {
            await session.FenceAsync();
        }

        foreach (Task task in running)
        {
            await task;
        }

        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync(CancellationToken.None) is { } connection)
        {
            lock (_gate)
            {
                if (_running.Count < _parts.Options.MaxSessions)
                {
                    // Counted before it runs, or it might take itself off the list before it is on it.
                    TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _running.Add(ended.Task);
                    _parts.Scheduler.Start(() => ServeAsync(connection, ended));
                    continue;
                }
            }

            _refusals.Note(connection.Peer, TransportFault.Refused, "too many connections between nodes");
            await connection.DisposeAsync();
        }

        _stopped.SetResult();
    }

#pragma warning disable CA1031 // The boundary of a session: a defect in one must not end the others, and is logged.
    private async Task ServeAsync(IFrameConnection connection, TaskCompletionSource ended)
    {
        ServedSession? session = null;
        try
        {
            session = await GreetAsync(connection);
            if (session is not null)
            {
                // (4)
                await session.RunAsync();
            }
        }
        catch (TransportException e)
        {
            _refusals.Note(connection.Peer, e.Fault, e.Message);
        }
        catch (MessageFormatException e)
        {
            _refusals.Note(connection.Peer, TransportFault.Malformed, e.Message);
        }
        catch (OperationCanceledException)
        {
            if (!_closing.IsCancellationRequested)
            {
                _refusals.Note(connection.Peer, TransportFault.Slow, "connected and did not say who it is");
            }
        }
        catch (Exception e)
        {
            TransportLog.SessionFailed(_parts.Logger, e, connection.Peer);
        }
        finally
        {
            await connection.DisposeAsync();
            lock (_gate)
            {
                Leave(session);
                _running.Remove(ended.Task);
            }

            ended.SetResult();
        }
    }
#pragma warning restore CA1031

    private async ValueTask<ServedSession?> GreetAsync(IFrameConnection connection)
    {
        using CancellationTokenSource timeout = new(_parts.Options.ConnectTimeout, _parts.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);

        // (1)
        using Frame? first = await connection.ReceiveAsync(either.Token);
        if (first is null)
        {
            return null;
        }

        Hello hello = Hello.Decode(first);

        // (2)
        if (_parts.Identity.Versions.Agree(hello.Sender.Versions) is not { } version)
        {
            string reason = Disagreement(hello.Sender);
            await connection.SendAsync(Hello.EncodeRefusal(reason), either.Token);
            throw new TransportException(TransportFault.Incompatible, reason);
        }

        // (3)
        ServedSession session = new(connection, _parts, hello, version, _services);
        if (!await EnterAsync(session))
        {
            await connection.SendAsync(Hello.EncodeRefusal("a newer connection has taken the place of this one"), either.Token);
            return null;
        }

        return session;
    }

    private string Disagreement(NodeIdentity other)
    {
        bool isOther = other.Versions.Newest < _parts.Identity.Versions.Oldest;
        string older = isOther ? other.Name : _parts.Identity.Name;
        return $"Node {_parts.Identity.Name} speaks {_parts.Identity.Versions} of the messages between nodes, node "
            + $"{other.Name} {other.Versions}. Update {older} to a newer release; nodes may be one version apart.";
    }

    private async ValueTask<bool> EnterAsync(ServedSession session)
    {
        ServedSession? older;
        lock (_gate)
        {
            if (_newest.TryGetValue(session.Key, out older) && older.Number >= session.Number)
            {
                return false;
            }

            _newest[session.Key] = session;
        }

        if (older is not null)
        {
            await older.FenceAsync();
        }

        return true;
    }

    // A newer session may have taken the place. Before that, the number must stay known, and a process that is gone never
    // comes back under its instance.
    private void Leave(ServedSession? session)
    {
        if (session is not null && _newest.TryGetValue(session.Key, out ServedSession? newest)
            && ReferenceEquals(newest, session))
        {
            _newest.Remove(session.Key);
        }
    }
}

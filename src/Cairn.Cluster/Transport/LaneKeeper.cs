namespace Cairn.Cluster.Transport;

/// <summary>Keeps one lane of a link connected: connects, runs the session, and connects again after a pause.</summary>
/// <remarks>
/// Invariants: at most one session; each connection has a higher number than those before it.
/// Concurrency: one loop; the session may be used from anywhere, also after it has ended.
/// </remarks>
internal sealed class LaneKeeper(NodeLink link, LinkLane lane, INodeTransport transport, TransportParts parts)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _wake;
    private volatile LinkSession? _session;
    private ulong _number;

    /// <summary>Null while there is no connection.</summary>
    public LinkSession? Session => _session;

    public void Start() => parts.Scheduler.Start(RunAsync);

    /// <summary>Ends the pause before the next try, because there is reason to hope.</summary>
    public void Hurry() => Volatile.Read(ref _wake)?.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        _closing.Cancel();
        if (_session is { } session)
        {
            await session.DisposeAsync();
        }

        await _stopped.Task;
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan pause = parts.Options.FirstPause;
        while (!_closing.IsCancellationRequested)
        {
            long started = parts.Time.GetTimestamp();
            string problem = await ConnectAndRunAsync();
            link.NoteLost(lane, problem);
            if (parts.Time.GetElapsedTime(started) > parts.Options.LongestPause)
            {
                pause = parts.Options.FirstPause;
            }

            await PauseAsync(pause);
            pause = pause * 2 < parts.Options.LongestPause ? pause * 2 : parts.Options.LongestPause;
        }

        _stopped.SetResult();
    }

    /// <returns>Why there is no connection any more.</returns>
    private async ValueTask<string> ConnectAndRunAsync()
    {
        try
        {
            await using LinkSession session = await ConnectAsync();
            _session = session;
            if (!_closing.IsCancellationRequested)
            {
                link.NoteConnected(lane, session);
                await session.RunAsync();
            }

            return "the connection ended";
        }
        catch (TransportException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {parts.Options.ConnectTimeout.TotalSeconds:0.#} s";
        }
        finally
        {
            _session = null;
        }
    }

    private async ValueTask<LinkSession> ConnectAsync()
    {
        using CancellationTokenSource timeout = new(parts.Options.ConnectTimeout, parts.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
        IFrameConnection connection = await transport.ConnectAsync(link.Address, either.Token);
        Hello hello = new(parts.Identity, lane, ++_number);
        return await LinkSession.OpenAsync(connection, parts, hello, link.Receive, either.Token);
    }

    // Of nodes that all lost the same one, not all come back at the same instant.
    private async ValueTask PauseAsync(TimeSpan pause)
    {
        double chance = (parts.Entropy.NextUInt64() >> 11) * (1.0 / (1UL << 53));
        TimeSpan delay = pause * (0.5 + (0.5 * chance));
        TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _wake, wake);
        using CancellationTokenRegistration registration = _closing.Token.Register(() => wake.TrySetResult());
        await using ITimer timer = parts.Time.CreateTimer(
            static wake => ((TaskCompletionSource)wake!).TrySetResult(), wake, delay, Timeout.InfiniteTimeSpan);
        await wake.Task;
    }
}

using Cairn.Primitives;

namespace Cairn.Cluster.Membership;

/// <summary>Keeps a node a member among others: who is there, where, since when silent.</summary>
/// <remarks>
/// Purpose: routing and operation. It is a hint and never a basis of consistency: two nodes may see different members at
/// one moment, and a member that others call failed may be writing to its drives.
/// Concurrency: any caller. Inputs are applied one at a time under a lock; messages and changes leave outside of it, in
/// order, on whichever caller is there first.
/// Failure: nothing is kept on drives but the node's id, by the composition.
/// </remarks>
public sealed class MembershipAgent : IDisposable
{
    // Longer than the news takes where anybody listens.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly MembershipProtocol _protocol;
    private readonly IMembershipLink _link;
    private readonly IMembershipObserver? _observer;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ITimer _timer;
    private readonly List<OutgoingMessage> _messages = [];
    private readonly List<MembershipChange> _changes = [];
    private TaskCompletionSource? _farewell;
    private TimeSpan? _farewellEnd;
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private volatile MembershipView _view;
    private bool _isDelivering;
    private bool _isDisposed;

    /// <param name="options">Must pass its own validation.</param>
    /// <param name="self">Who this node is.</param>
    /// <param name="link">Sends. Hand what arrives to <see cref="Receive"/>.</param>
    /// <param name="observer">Told of changes; null when nobody cares.</param>
    /// <param name="time">Both clocks.</param>
    /// <param name="entropy">Chance.</param>
    public MembershipAgent(
        MembershipOptions options,
        LocalMember self,
        IMembershipLink link,
        IMembershipObserver? observer,
        TimeProvider time,
        IEntropy entropy)
    {
        _protocol = new MembershipProtocol(options, self, entropy);
        _link = link;
        _observer = observer;
        _time = time;
        _started = _time.GetTimestamp();
        _timer = _time.CreateTimer(
            static agent => ((MembershipAgent)agent!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _view = _protocol.CreateView();
    }

    /// <summary>The members as last known; cheap, and never changes once handed out.</summary>
    public MembershipView View => _view;

    /// <summary>Begins to call the seeds and to answer. Call once, when the link can send.</summary>
    public void Start() => Input(static (protocol, now) => protocol.Start(now));

    /// <summary>Says that this node serves from now on.</summary>
    public void Activate() => Input(static (protocol, now) => protocol.Activate(now));

    /// <summary>Replaces the metadata of this node; at most <see cref="MembershipLimits.MaxMetadataBytes"/>.</summary>
    public void SetMetadata(ReadOnlyMemory<byte> metadata) =>
        Input((protocol, now) => protocol.SetMetadata(metadata, now));

    /// <summary>The deployment is known: messages of other ones are refused from now on.</summary>
    public void SetCluster(Guid cluster) => Input((protocol, _) => protocol.SetCluster(cluster));

    /// <summary>Takes in a message of another node.</summary>
    /// <param name="message">Not kept.</param>
    public void Receive(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _protocol.Receive(message, Now());
            Collect();
        }

        Deliver();
    }

    /// <summary>
    /// Says that this node is leaving. The task ends when the news is out, which takes part of a gossip period, or after
    /// two seconds when nobody is there to hear it. Goes on answering: dispose when the last request is done.
    /// </summary>
    public Task LeaveAsync()
    {
        Task told = Task.CompletedTask;
        Input((protocol, now) =>
        {
            protocol.Leave(now);
            _farewell ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _farewellEnd ??= now.Elapsed + FarewellTime;
            told = _farewell.Task;
        });
        return told;
    }

    /// <summary>
    /// A hint of whoever talks to a node: the connection broke, or nobody listens. It is probed now instead of at its
    /// turn; the verdict stays with the probe. May be called often.
    /// </summary>
    /// <param name="address">Of the node, as in <see cref="MemberView.Address"/>.</param>
    public void Doubt(string address) => Input((protocol, now) => protocol.Doubt(address, now));

    /// <summary>Makes a status for operators.</summary>
    public MembershipStatus GetStatus()
    {
        lock (_gate)
        {
            return _protocol.CreateStatus(Now());
        }
    }

    /// <summary>Falls silent. Without <see cref="LeaveAsync"/> before, the others see a failure.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _farewell?.TrySetResult();
        }

        _timer.Dispose();
    }

    private void Tick() => Input((protocol, now) =>
    {
        _armedFor = TimeSpan.MaxValue;
        protocol.Tick(now);
    });

    private void Input(Action<MembershipProtocol, Instant> input)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            input(_protocol, Now());
            Collect();
        }

        Deliver();
    }

    private Instant Now() => new(_time.GetElapsedTime(_started), _time.GetUtcNow());

    private void Collect()
    {
        _messages.AddRange(_protocol.Outgoing);
        _protocol.Outgoing.Clear();
        _changes.AddRange(_protocol.Changes);
        _protocol.Changes.Clear();
        if (_protocol.IsViewStale)
        {
            _protocol.IsViewStale = false;
            _view = _protocol.CreateView();
        }

        if (_protocol.Due != _armedFor && _protocol.Due != TimeSpan.MaxValue)
        {
            _armedFor = _protocol.Due;
            // Timers count in milliseconds: rounded down, this one would fire again and again in the last of them.
            double waitMs = Math.Ceiling((_armedFor - _time.GetElapsedTime(_started)).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, waitMs)), Timeout.InfiniteTimeSpan);
        }
    }

    // Whoever delivers goes on until nothing is left: what another caller adds meanwhile is delivered after it.
    private void Deliver()
    {
        while (TryTake(out OutgoingMessage[] messages, out MembershipChange[] changes))
        {
            try
            {
                foreach (OutgoingMessage message in messages)
                {
                    _link.Send(message.Address, message.Bytes);
                }

                foreach (MembershipChange change in changes)
                {
                    _observer?.OnChange(change);
                }
            }
            finally
            {
                lock (_gate)
                {
                    _isDelivering = false;
                }
            }
        }
    }

    private bool TryTake(out OutgoingMessage[] messages, out MembershipChange[] changes)
    {
        lock (_gate)
        {
            bool isAllSent = !_isDelivering && _messages.Count == 0;
            if (isAllSent && (_protocol.IsSelfTold || _time.GetElapsedTime(_started) >= _farewellEnd))
            {
                _farewell?.TrySetResult();
            }

            bool mayTake = !_isDelivering && (_messages.Count > 0 || _changes.Count > 0);
            messages = mayTake ? [.. _messages] : [];
            changes = mayTake ? [.. _changes] : [];
            if (mayTake)
            {
                _isDelivering = true;
                _messages.Clear();
                _changes.Clear();
            }

            return mayTake;
        }
    }
}

using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>One end of a connection between two processes of a world.</summary>
/// <remarks>
/// Invariants: without datagrams, what arrives is a prefix of what was sent. What is lost or does not get through is sent
/// again, as by TCP: it arrives late, with all that is behind it, also when its sender has died meanwhile; and it may
/// arrive at an end that was given up long ago.
/// </remarks>
internal sealed class SimConnection : IFrameConnection
{
    // As much as a socket and the queue before it hold.
    private const int MaxQueuedBytes = 1 << 20;

    private readonly SimNetwork _network;
    private readonly Queue<Frame> _arrived = new();
    private readonly NodeAddress _remote;
    private static readonly TimeSpan FirstResend = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastResend = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Due, Action Arrival)> _carried = new();
    private SimConnection _other = null!;
    private TimeSpan _resend = FirstResend;
    private TaskCompletionSource? _wanted;
    private readonly List<TaskCompletionSource> _room = [];
    private long _onTheWay;
    private long _lastDue;
    private bool _hasVanished;
    private bool _isEnded;

    private SimConnection(SimNetwork network, NodeAddress local, NodeAddress remote)
    {
        _network = network;
        Local = local;
        _remote = remote;
        network.Add(this);
    }

    public NodeAddress Local { get; }

    public string Peer => _remote.ToString();

    private LinkQuality Quality => _network.Faults.GetQuality(Local.Host, _remote.Host);

    private bool IsCut => _network.Faults.IsCut(Local.Host, _remote.Host);

    public static (SimConnection Here, SimConnection There) Pair(SimNetwork network, NodeAddress local, NodeAddress remote)
    {
        SimConnection here = new(network, local, remote);
        SimConnection there = new(network, remote, local) { _other = here };
        here._other = there;
        return (here, there);
    }

    public async ValueTask<bool> SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        _network.World.AssertInside();
        while (!_isEnded && _onTheWay > MaxQueuedBytes)
        {
            TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _room.Add(room);
            try
            {
                await WaitAsync(room, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                frame.Dispose();
                throw;
            }
        }

        return Send(frame);
    }

    public bool TrySend(Frame frame)
    {
        _network.World.AssertInside();
        if (_onTheWay <= MaxQueuedBytes)
        {
            return Send(frame);
        }

        frame.Dispose();
        return false;
    }

    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_arrived.TryDequeue(out Frame? frame))
            {
                _other.Release(frame.PayloadLength);
                return frame;
            }

            if (_isEnded)
            {
                return null;
            }

            _wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await WaitAsync(_wanted, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _arrived.Clear();
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends this end now, and the other one when the news gets there.</summary>
    public void End()
    {
        if (_isEnded)
        {
            return;
        }

        EndHere();
        Deliver(() => _other.EndHere());
    }

    /// <summary>Ends this end, and the other one is not told.</summary>
    public void Vanish()
    {
        _hasVanished = true;
        _carried.Clear();
        EndHere();
    }

    /// <summary>Not Task.WaitAsync, which would resume on a foreign thread.</summary>
    public static async Task WaitAsync(TaskCompletionSource source, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration =
            cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        await source.Task;
    }

    private bool Send(Frame frame)
    {
        if (_isEnded)
        {
            frame.Dispose();
            return false;
        }

        LinkQuality quality = Quality;
        if (_network.Chance(quality.Break))
        {
            End();
        }

        _onTheWay += frame.PayloadLength;
        if (quality.IsDatagram && _network.Chance(quality.Duplication))
        {
            Frame copy = frame.Copy();
            _onTheWay += copy.PayloadLength;
            Deliver(() => _other.Take(copy));
        }

        Deliver(() => _other.Take(frame));
        return true;
    }

    private void Deliver(Action arrival)
    {
        LinkQuality quality = Quality;
        TimeSpan delay = _network.DrawDelay(quality);
        bool isLost = _network.Chance(quality.Loss);
        if (quality.IsDatagram)
        {
            DeliverAlone(delay, isLost, arrival);
            return;
        }

        long now = _network.World.Now.Ticks;

        // A tick later than the one before: what is due at one instant races.
        _lastDue = Math.Max(now + (isLost ? delay + FirstResend : delay).Ticks, _lastDue + 1);
        _carried.Enqueue((_lastDue, arrival));
        if (_carried.Count == 1)
        {
            _network.After(new TimeSpan(_lastDue - now), Arrive);
        }
    }

    private void DeliverAlone(TimeSpan delay, bool isLost, Action arrival)
    {
        if (!isLost && !IsCut)
        {
            _network.After(delay, () =>
            {
                // The link may have been cut while the frame was under way.
                if (!IsCut)
                {
                    arrival();
                }
            });
        }
    }

    private void Arrive()
    {
        if (_hasVanished)
        {
            return;
        }

        if (IsCut)
        {
            _network.After(_resend, Arrive);
            _resend = _resend * 2 < LastResend ? _resend * 2 : LastResend;
            return;
        }

        _resend = FirstResend;
        _carried.Dequeue().Arrival();
        if (_carried.TryPeek(out (long Due, Action Arrival) next))
        {
            _network.After(new TimeSpan(Math.Max(0, next.Due - _network.World.Now.Ticks)), Arrive);
        }
    }

    private void Take(Frame frame)
    {
        if (_isEnded)
        {
            frame.Dispose();
            return;
        }

        _network.CountDelivered();
        _arrived.Enqueue(frame);
        _wanted?.TrySetResult();
    }

    private void Release(int bytes)
    {
        _onTheWay -= bytes;
        if (_onTheWay <= MaxQueuedBytes)
        {
            WakeSenders();
        }
    }

    private void EndHere()
    {
        _isEnded = true;
        _network.Remove(this);
        _wanted?.TrySetResult();
        WakeSenders();
    }

    private void WakeSenders()
    {
        _room.ForEach(room => room.TrySetResult());
        _room.Clear();
    }
}

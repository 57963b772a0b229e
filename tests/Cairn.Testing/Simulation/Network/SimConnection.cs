using Cairn.Cluster.Transport;

namespace Cairn.Testing.Simulation.Network;

/// <summary>One end of a connection between two processes of a world.</summary>
/// <remarks>Invariants: without datagrams, what arrives is a prefix of what was sent.</remarks>
internal sealed class SimConnection : IFrameConnection
{
    // As much as a socket and the queue before it hold.
    private const int MaxQueuedBytes = 1 << 20;

    private readonly SimNetwork _network;
    private readonly Queue<Frame> _arrived = new();
    private readonly NodeAddress _remote;
    private SimConnection _other = null!;
    private TaskCompletionSource? _wanted;
    private readonly List<TaskCompletionSource> _room = [];
    private long _onTheWay;
    private long _lastDue;
    private bool _isStuck;
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
        if (!_isStuck)
        {
            Deliver(() => _other.EndHere());
        }
    }

    /// <summary>Ends this end, and the other one is not told.</summary>
    public void Vanish()
    {
        _isStuck = true;
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
        bool isDatagram = quality.IsDatagram;
        bool isLost = _network.Chance(quality.Loss) || IsCut;
        _isStuck |= isLost && !isDatagram;
        if (isLost || _isStuck)
        {
            return;
        }

        long now = _network.World.Now.Ticks;
        long due = now + _network.DrawDelay(quality).Ticks;

        // A tick later than the one before: what is due at one instant races.
        _lastDue = isDatagram ? due : Math.Max(due, _lastDue + 1);
        _network.After(new TimeSpan(_lastDue - now), () =>
        {
            // The link was cut while the frame was under way.
            if (IsCut)
            {
                _isStuck |= !isDatagram;
            }
            else if (!_isStuck)
            {
                arrival();
            }
        });
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

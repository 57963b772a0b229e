namespace Cairn.Drives.Fencing;

/// <summary>Keeps calls away from a node's drives that are made in the name of a layout that is over.</summary>
/// <remarks>
/// Purpose: a coordinator that slept through changes of the layout must not decide anything together with drives that
/// others already use otherwise (docs/design/elastic-layout.md).
/// Invariants: the floor never falls. When RaiseAsync returns, every call below the floor has ended or will be refused.
/// Newest is not below the epoch of any call that was let in, also before a restart: who calls by a layout does so after
/// it was agreed, and the fence opens with the agreed one (Know comes before the first RaiseAsync).
/// Failure: nothing is kept; after a restart the fence is closed until the node knows the agreed layout.
/// Concurrency: any caller. Every call to every drive passes here, so passing takes no lock. A call is counted before it
/// looks at the floor, and the floor is raised before the calls are looked at: either the call sees the new floor, or
/// whoever raises it sees the call.
/// </remarks>
public sealed class EpochFence
{
    private const long Closed = -1;

    private readonly Lock _gate = new();
    private volatile EpochCalls[] _epochs = [];
    private long _floor = Closed;
    private long _newest;
    private volatile TaskCompletionSource? _drained;

    /// <summary>The oldest epoch that is let in; null while the layout is not known and nothing is.</summary>
    public long? Floor => Volatile.Read(ref _floor) is var floor && floor != Closed ? floor : null;

    public bool IsOpen => Volatile.Read(ref _floor) != Closed;

    /// <summary>The newest epoch that this node, or somebody who has called its drives, is known to work by.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    /// <summary>There is a layout of this epoch.</summary>
    public void Know(long epoch)
    {
        long known = Newest;
        while (epoch > known)
        {
            long found = Interlocked.CompareExchange(ref _newest, epoch, known);
            known = found == known ? epoch : found;
        }
    }

    /// <summary>Refuses calls below an epoch from now on.</summary>
    /// <param name="floor">A lower one than before changes nothing.</param>
    /// <param name="cancellationToken">The floor is raised; calls below it may still be under way.</param>
    /// <returns>When calls below it that were let in have ended.</returns>
    public async ValueTask RaiseAsync(long floor, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task drained;
            lock (_gate)
            {
                Volatile.Write(ref _floor, Math.Max(floor, _floor));
                if (_drained is not { Task.IsCompleted: false })
                {
                    // Completed outside the lock; who waits must not be sent to another thread first.
                    _drained = new TaskCompletionSource();
                }

                drained = _drained.Task;

                // Whoever ends a call after this line sees whom to tell.
                Interlocked.MemoryBarrier();
                _epochs = [.. _epochs.Where(calls => calls.Epoch >= floor || !calls.IsIdle)];
                if (!Array.Exists(_epochs, calls => calls.Epoch < floor))
                {
                    return;
                }
            }

            await drained.WaitAsync(cancellationToken);
        }
    }

    /// <summary>False when the epoch is shut out; otherwise Exit follows.</summary>
    public bool TryEnter(long epoch)
    {
        EpochCalls calls = Find(epoch) ?? Add(epoch);
        calls.Enter();
        long floor = Volatile.Read(ref _floor);
        if (floor == Closed || epoch < floor)
        {
            Leave(calls);
            return false;
        }

        if (epoch != IDrive.EveryEpoch)
        {
            Know(epoch);
        }

        return true;
    }

    public void Exit(long epoch) => Leave(Find(epoch)!);

    private void Leave(EpochCalls calls)
    {
        if (calls.Exit())
        {
            _drained?.TrySetResult();
        }
    }

    private EpochCalls? Find(long epoch)
    {
        foreach (EpochCalls calls in _epochs)
        {
            if (calls.Epoch == epoch)
            {
                return calls;
            }
        }

        return null;
    }

    private EpochCalls Add(long epoch)
    {
        lock (_gate)
        {
            if (Find(epoch) is not { } calls)
            {
                calls = new EpochCalls(epoch);
                _epochs = [.. _epochs, calls];
            }

            return calls;
        }
    }
}

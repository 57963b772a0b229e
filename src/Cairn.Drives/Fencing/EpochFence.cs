namespace Cairn.Drives.Fencing;

/// <summary>Keeps calls away from a node's drives that are made in the name of a layout that is over.</summary>
/// <remarks>
/// Purpose: a coordinator that slept through changes of the layout must not decide anything together with drives that
/// others already use otherwise (docs/design/elastic-layout.md).
/// Invariants: the floor never falls. When RaiseAsync returns, every call below the floor has ended or will be refused.
/// Newest is not below the epoch of any call that was let in, also before a restart: who calls by a layout does so after
/// it was agreed, and the fence opens with the agreed one (Know comes before the first RaiseAsync).
/// Failure: nothing is kept; after a restart the fence is closed until the node knows the agreed layout.
/// Concurrency: any caller.
/// </remarks>
public sealed class EpochFence
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _calls = [];
    private long? _floor;
    private long _newest;
    private TaskCompletionSource? _drained;

    /// <summary>The oldest epoch that is let in; null while the layout is not known and nothing is.</summary>
    public long? Floor
    {
        get
        {
            lock (_gate)
            {
                return _floor;
            }
        }
    }

    public bool IsOpen => Floor is not null;

    /// <summary>The newest epoch that this node, or somebody who has called its drives, is known to work by.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    /// <summary>There is a layout of this epoch.</summary>
    public void Know(long epoch)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _newest, Math.Max(_newest, epoch));
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
                _floor = Math.Max(floor, _floor ?? 0);
                if (!_calls.Keys.Any(epoch => epoch < floor))
                {
                    return;
                }

                // Completed outside the lock; who waits must not be sent to another thread first.
                _drained ??= new TaskCompletionSource();
                drained = _drained.Task;
            }

            await drained.WaitAsync(cancellationToken);
        }
    }

    /// <summary>False when the epoch is shut out; otherwise Exit follows.</summary>
    public bool TryEnter(long epoch)
    {
        lock (_gate)
        {
            if (_floor is not { } floor || epoch < floor)
            {
                return false;
            }

            if (epoch > _newest && epoch != IDrive.EveryEpoch)
            {
                Interlocked.Exchange(ref _newest, epoch);
            }

            _calls[epoch] = _calls.GetValueOrDefault(epoch) + 1;
            return true;
        }
    }

    public void Exit(long epoch)
    {
        TaskCompletionSource? drained = null;
        lock (_gate)
        {
            int left = _calls[epoch] - 1;
            if (left > 0)
            {
                _calls[epoch] = left;
                return;
            }

            _calls.Remove(epoch);
            (drained, _drained) = (_drained, null);
        }

        drained?.TrySetResult();
    }
}

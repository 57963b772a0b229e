using Cairn.Drives.Registers;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Damaged shards and rows that reads and scrubs have met, to be repaired one after the other.</summary>
/// <remarks>
/// Bounded: what does not fit is dropped and counted; the next read or scrub meets it again. A worker runs only while
/// there is something to do.
/// </remarks>
internal sealed class RepairQueue(StoreEngine engine, ShardRepair repair)
{
    private const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<RepairTarget> _waiting = [];
    private readonly HashSet<RepairTarget> _known = [];
    private bool _isRunning;
    private long _repaired;
    private long _dropped;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _known.Count;
            }
        }
    }

    public long Repaired => Interlocked.Read(ref _repaired);

    /// <summary>Reports that did not fit.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>A shard of a value is lost or damaged on the drive at this position of the key's partition.</summary>
    public void Report(RegisterKey key, VersionId slot, DataId data, int position)
    {
        RepairTarget target = new(key, slot, data, position);
        lock (_gate)
        {
            if (_known.Count >= Capacity)
            {
                _dropped++;
                return;
            }

            if (!_known.Add(target))
            {
                return;
            }

            _waiting.Enqueue(target);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        if (!engine.Background.Start(RunAsync))
        {
            _isRunning = false;
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (TryTake(out RepairTarget target))
        {
            try
            {
                if (await repair.RunAsync(target, stopping))
                {
                    Interlocked.Increment(ref _repaired);
                }
            }
            finally
            {
                lock (_gate)
                {
                    _known.Remove(target);
                }
            }
        }
    }

    private bool TryTake(out RepairTarget target)
    {
        lock (_gate)
        {
            _isRunning = _waiting.TryDequeue(out target);
            return _isRunning;
        }
    }
}

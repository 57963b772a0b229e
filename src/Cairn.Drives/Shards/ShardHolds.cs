using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Which shards readers of this drive hold, and which of those have lost their last referrer meanwhile.</summary>
/// <remarks>
/// Purpose: a version is read while others replace it. An open file would stay readable by itself, but a reader opens
/// the shards it turns out to need, one piece after the other and another drive's when one fails.
/// Invariants: a shard is registered before its row is looked up, so that a drop which the look-up did not see finds it
/// registered. The file of a held shard that was dropped is removed by the release of its last holder.
/// Failure: holds are memory; what they kept has no row and is an orphan after a crash.
/// Concurrency: any caller.
/// </remarks>
internal sealed class ShardHolds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DataId, HeldShard> _held = [];

    public void Register(DataId data)
    {
        lock (_gate)
        {
            HeldShard held = _held.GetValueOrDefault(data);
            _held[data] = held with { Holders = held.Holders + 1 };
        }
    }

    /// <summary>Keeps the row of a registered shard, which says how to read it.</summary>
    public void Keep(DataId data, byte[] row)
    {
        lock (_gate)
        {
            _held[data] = _held[data] with { Row = row };
        }
    }

    /// <summary>The row of a held shard; null when nobody holds it.</summary>
    public byte[]? FindRow(DataId data)
    {
        lock (_gate)
        {
            return _held.GetValueOrDefault(data).Row;
        }
    }

    /// <returns>True for the last holder of a shard that was dropped: its file is to be removed now.</returns>
    public bool Release(DataId data)
    {
        lock (_gate)
        {
            HeldShard held = _held[data];
            if (held.Holders > 1)
            {
                _held[data] = held with { Holders = held.Holders - 1 };
                return false;
            }

            _held.Remove(data);
            return held.IsDropped;
        }
    }

    /// <summary>The last referrer is gone. True when the shard is held, and its file stays for now.</summary>
    public bool TryDefer(DataId data)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(data, out HeldShard held))
            {
                return false;
            }

            _held[data] = held with { IsDropped = true };
            return true;
        }
    }

    /// <summary>The file was removed: what may be written under its name next is not to be removed by a release.</summary>
    public void NoteRemoved(DataId data)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(data, out HeldShard held))
            {
                _held[data] = held with { IsDropped = false };
            }
        }
    }

    public bool IsDeferred(DataId data)
    {
        lock (_gate)
        {
            return _held.GetValueOrDefault(data).IsDropped;
        }
    }

    /// <summary>Held shards without a referrer.</summary>
    public DataId[] ListDeferred()
    {
        lock (_gate)
        {
            return [.. _held.Where(pair => pair.Value.IsDropped).Select(pair => pair.Key)];
        }
    }

    private readonly record struct HeldShard(int Holders, byte[]? Row, bool IsDropped);
}

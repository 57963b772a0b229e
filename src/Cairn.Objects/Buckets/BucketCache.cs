using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Cairn.Objects.Buckets;

/// <summary>Bucket settings in memory.</summary>
/// <remarks>
/// Invariants: an entry comes from a read that began after the last change had been forgotten here. So a reader that
/// was overtaken by a change cannot bring the old settings, or a deleted bucket, back. With a lease, no entry is given out
/// longer than that after its read began: who changes a bucket and cannot reach this node only has to wait that long.
/// Concurrency: any thread; look-ups take no lock.
/// </remarks>
/// <param name="time">Measures the lease.</param>
/// <param name="lease">Null: this node makes all changes itself.</param>
internal sealed class BucketCache(TimeProvider time, TimeSpan? lease)
{
    private readonly ConcurrentDictionary<string, (BucketDescription Bucket, long Read)> _buckets =
        new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private long _changes;

    public bool TryGet(string name, [MaybeNullWhen(false)] out BucketDescription bucket)
    {
        bool isKnown = _buckets.TryGetValue(name, out (BucketDescription Bucket, long Read) entry);
        bucket = entry.Bucket;
        return isKnown && (lease is null || time.GetElapsedTime(entry.Read) < lease);
    }

    /// <summary>To be taken before the read whose result is offered.</summary>
    public (long Changes, long Read) GetMark() => (Interlocked.Read(ref _changes), time.GetTimestamp());

    /// <summary>Keeps what was read, unless any bucket has changed since the mark.</summary>
    public void Offer(BucketDescription bucket, (long Changes, long Read) mark)
    {
        lock (_gate)
        {
            if (_changes == mark.Changes)
            {
                _buckets[bucket.Name] = (bucket, mark.Read);
            }
        }
    }

    /// <summary>A bucket has changed, or may have.</summary>
    public void Forget(string name)
    {
        lock (_gate)
        {
            _changes++;
            _buckets.TryRemove(name, out _);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Cairn.Objects.Buckets;

/// <summary>Bucket settings in memory, exact for this node's own changes.</summary>
/// <remarks>
/// Invariants: an entry comes from a read that began after the last change had been forgotten here. So a reader that
/// was overtaken by a change cannot bring the old settings, or a deleted bucket, back.
/// Concurrency: any thread; look-ups take no lock.
/// See: Forget is also where a change made by another node is to be announced.
/// </remarks>
internal sealed class BucketCache
{
    private readonly ConcurrentDictionary<string, BucketDescription> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _changes;

    public bool TryGet(string name, [MaybeNullWhen(false)] out BucketDescription bucket) =>
        _buckets.TryGetValue(name, out bucket);

    /// <summary>To be taken before the read whose result is offered.</summary>
    public long GetMark() => Interlocked.Read(ref _changes);

    /// <summary>Keeps what was read, unless any bucket has changed since the mark.</summary>
    public void Offer(BucketDescription bucket, long mark)
    {
        lock (_gate)
        {
            if (_changes == mark)
            {
                _buckets[bucket.Name] = bucket;
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

using Cairn.Drives.Os;

namespace Cairn.Drives.Commit;

/// <summary>Keeps room for deletes: says when a drive is too full to take data.</summary>
/// <remarks>
/// Purpose: on a drive without a free byte not even a delete can be written, so data is refused earlier.
/// Invariants: full from the first refusal until the device was asked and had clearly more room than is kept, so that a
/// drive at the edge does not come and go. Where somebody else took the kept room too, a quarter of it is enough to begin
/// deleting.
/// Concurrency: any caller. The free space is asked for at most once in <see cref="Freshness"/>; in between, what was
/// admitted since is counted against it.
/// </remarks>
internal sealed class SpaceGuard(IDriveFiles files, TimeProvider time, LocalDriveOptions options)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private long _roomBytes;
    private long _askedAt;
    private bool _wasAsked;
    private volatile bool _isFull;

    /// <summary>Something was refused, or could not be written, for want of room.</summary>
    public bool IsFull => _isFull;

    /// <summary>The device had no room for something that was admitted.</summary>
    public void NoteFull() => _isFull = true;

    /// <summary>Whether that many bytes are too many; if not, they are counted as used.</summary>
    /// <exception cref="DriveIoException">The device cannot be asked.</exception>
    public async ValueTask<bool> IsFullAsync(long sizeBytes)
    {
        if (!_wasAsked || time.GetElapsedTime(Volatile.Read(ref _askedAt)) > Freshness)
        {
            // Marked first: callers that arrive while the answer is awaited go by the old figure instead of queueing.
            Volatile.Write(ref _askedAt, time.GetTimestamp());
            DriveUsage usage = await files.StatAsync(CancellationToken.None);
            Interlocked.Exchange(ref _roomBytes, usage.FreeBytes - ReserveOf(usage));
            _wasAsked = true;
        }

        if (Volatile.Read(ref _roomBytes) < sizeBytes)
        {
            _isFull = true;
            return true;
        }

        Interlocked.Add(ref _roomBytes, -sizeBytes);
        return false;
    }

    /// <summary>Asks the device whether a full drive has room again, and if so it is full no more.</summary>
    /// <param name="forDeletes">Room for these is enough: not even they can be written now.</param>
    /// <exception cref="DriveIoException">The device cannot be asked.</exception>
    public async ValueTask<bool> TryFindRoomAsync(bool forDeletes)
    {
        DriveUsage usage = await files.StatAsync(CancellationToken.None);
        long reserve = ReserveOf(usage);
        if (usage.FreeBytes < (forDeletes ? reserve / 4 : reserve + (reserve / 8)))
        {
            return false;
        }

        _isFull = false;
        return true;
    }

    private long ReserveOf(DriveUsage usage) =>
        Math.Max(options.ReserveBytes, usage.TotalBytes / 100 * options.ReservePercent);
}

using Cairn.Drives.Os;

namespace Cairn.Drives.Commit;

/// <summary>Keeps room for deletes: says when a drive is too full to take data.</summary>
/// <remarks>
/// Purpose: on a drive without a free byte not even a delete can be written, so data is refused earlier.
/// Concurrency: any caller. The free space is asked for at most once in <see cref="Freshness"/>; in between, what was
/// admitted since is counted against it.
/// </remarks>
internal sealed class SpaceGuard(IDriveFiles files, TimeProvider time, LocalDriveOptions options)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private long _roomBytes;
    private long _askedAt;
    private bool _wasAsked;

    /// <summary>Whether that many bytes are too many; if not, they are counted as used.</summary>
    /// <exception cref="DriveIoException">The device cannot be asked.</exception>
    public async ValueTask<bool> IsFullAsync(long sizeBytes)
    {
        if (!_wasAsked || time.GetElapsedTime(Volatile.Read(ref _askedAt)) > Freshness)
        {
            // Marked first: callers that arrive while the answer is awaited go by the old figure instead of queueing.
            Volatile.Write(ref _askedAt, time.GetTimestamp());
            DriveUsage usage = await files.StatAsync(CancellationToken.None);
            long reserve = Math.Max(options.ReserveBytes, usage.TotalBytes / 100 * options.ReservePercent);
            Interlocked.Exchange(ref _roomBytes, usage.FreeBytes - reserve);
            _wasAsked = true;
        }

        if (Volatile.Read(ref _roomBytes) < sizeBytes)
        {
            return true;
        }

        Interlocked.Add(ref _roomBytes, -sizeBytes);
        return false;
    }
}

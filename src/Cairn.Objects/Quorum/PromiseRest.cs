using System.Collections.Concurrent;
using Cairn.Drives.Registers;

namespace Cairn.Objects.Quorum;

/// <summary>Since when a drive is known to have lost its promises of single registers, and whether that is over.</summary>
/// <remarks>
/// Purpose: a drive whose row fails its checksum has forgotten what it promised. Its accepts must not count while an
/// operation is under way that could rest on such a promise; after that they may, as those of a drive that took an
/// empty place (DriveHandle.IsAcceptor). Without it, a value that may have been chosen could never be made certain where
/// the write quorum is all drives, and the row, which is rebuilt from values that are certain, would never vote again.
/// Invariants: counted from the first answer that told of the loss, which is later than every promise that was lost.
/// What the drive has promised since then it keeps.
/// Failure: a restart begins the rest anew. Concurrency: any caller.
/// </remarks>
internal sealed class PromiseRest(TimeProvider time, TimeSpan duration)
{
    private readonly ConcurrentDictionary<RegisterKey, long> _since = [];

    /// <summary>The drive answered that it does not vote on the register: whether its accepts count all the same.</summary>
    public bool IsOver(RegisterKey key)
    {
        long since = _since.GetOrAdd(key, static (_, clock) => clock.GetTimestamp(), time);
        return time.GetElapsedTime(since) >= duration;
    }

    /// <summary>The register was rebuilt: another loss begins another rest.</summary>
    public void End(RegisterKey key) => _since.TryRemove(key, out _);

    /// <summary>Another drive is in the place.</summary>
    public void Clear() => _since.Clear();
}

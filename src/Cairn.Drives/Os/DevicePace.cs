using System.Diagnostics;

namespace Cairn.Drives.Os;

/// <summary>Whether a device has lately answered so fast that handing a call to another thread would take longer.</summary>
/// <remarks>
/// Purpose: memory and page cache answer in microseconds, and two changes of thread cost more than that. A device that
/// hangs costs the one thread that was let through, since <see cref="TryEnter"/> admits one call at a time.
/// Concurrency: any thread.
/// </remarks>
internal sealed class DevicePace
{
    // A change of thread and back takes 10 to 20 microseconds; a call that waits longer belongs on a drive's thread.
    private static readonly long QuickTicks = Stopwatch.Frequency / 20_000;

    private const int Weight = 16;

    private long _averageTicks;
    private int _isTaken;

    /// <summary>Admits a call to run where its caller is. Then <see cref="Exit"/> has to be called.</summary>
    public bool TryEnter() =>
        Volatile.Read(ref _averageTicks) < QuickTicks && Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <param name="startedTimestamp">Of the first call.</param>
    /// <param name="calls">How many there were, one after the other.</param>
    public void Exit(long startedTimestamp, int calls = 1)
    {
        Record(startedTimestamp, calls);
        Volatile.Write(ref _isTaken, 0);
    }

    /// <summary>
    /// Learns from a call, wherever it ran. Races lose a sample, which does not matter. A slow call weighs at its full
    /// length, so a single long one ends the quick times at once, and many short ones bring them back.
    /// </summary>
    public void Record(long startedTimestamp, int calls = 1)
    {
        long ticks = (Stopwatch.GetTimestamp() - startedTimestamp) / calls;
        long average = Volatile.Read(ref _averageTicks);
        Volatile.Write(ref _averageTicks, average + ((ticks - average) / Weight));
    }
}

using System.Diagnostics;

namespace Cairn.Drives.Os;

/// <summary>Whether a device has lately answered so fast that handing a call to another thread would take longer.</summary>
/// <remarks>
/// Purpose: memory and page cache answer in microseconds, and two changes of thread cost more than that.
/// What counts is how often calls wait. A call is also long when its thread loses the processor, which takes milliseconds,
/// happens to one call in hundreds where there is much to do, and says nothing about the device. Counted in full it sent
/// two of three calls to other threads; so no call counts for more than a bound.
/// Bounded: a device that hangs keeps the threads of the calls that were let through, and those are at most a few.
/// Concurrency: any thread.
/// </remarks>
/// <param name="limit">Calls to let through at once.</param>
internal sealed class DevicePace(int limit)
{
    // A change of thread and back takes 10 to 20 microseconds; a call that waits longer belongs on a drive's thread.
    private static readonly long QuickTicks = Stopwatch.Frequency / 20_000;

    // With it the quick times end when one call in sixteen waits for a disk, or every other one for a fast device.
    private static readonly long MostTicks = 16 * QuickTicks;

    // So that a single call at the bound moves the average by a quarter of what ends the quick times.
    private const int Weight = 64;

    private long _averageTicks;
    private int _entered;

    /// <summary>
    /// For reads. Some more than one, because a thread may lose the processor amid its call, and few enough that a device
    /// that hangs does not keep the pool: where there are no more threads than these, the pool makes one within a second.
    /// </summary>
    public static DevicePace ForReads() => new(Math.Max(2, Environment.ProcessorCount / 4));

    /// <summary>Admits a call to run where its caller is. Then <see cref="Exit"/> has to be called.</summary>
    public bool TryEnter()
    {
        if (Volatile.Read(ref _averageTicks) >= QuickTicks)
        {
            return false;
        }

        if (Interlocked.Increment(ref _entered) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _entered);
        return false;
    }

    /// <param name="startedTimestamp">Of the first call.</param>
    /// <param name="calls">How many there were, one after the other.</param>
    public void Exit(long startedTimestamp, int calls = 1)
    {
        Record(startedTimestamp, calls);
        Interlocked.Decrement(ref _entered);
    }

    /// <summary>Learns from a call, wherever it ran. Races lose a sample, which does not matter.</summary>
    public void Record(long startedTimestamp, int calls = 1)
    {
        long ticks = Math.Min((Stopwatch.GetTimestamp() - startedTimestamp) / calls, MostTicks);
        long average = Volatile.Read(ref _averageTicks);
        Volatile.Write(ref _averageTicks, average + ((ticks - average) / Weight));
    }
}

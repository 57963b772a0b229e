namespace Cairn.Drives.Fencing;

/// <summary>How many calls of one epoch are under way.</summary>
/// <remarks>Concurrency: any caller. Entering and leaving are full fences, on which EpochFence relies.</remarks>
internal sealed class EpochCalls(long epoch)
{
    private int _count;

    public long Epoch => epoch;

    public bool IsIdle => Volatile.Read(ref _count) == 0;

    public void Enter() => Interlocked.Increment(ref _count);

    /// <returns>It was the last one.</returns>
    public bool Exit() => Interlocked.Decrement(ref _count) == 0;
}

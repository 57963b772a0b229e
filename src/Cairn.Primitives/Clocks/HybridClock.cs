using Cairn.Primitives.Ids;

namespace Cairn.Primitives.Clocks;

/// <summary>Hybrid logical clock: close to the wall clock, strictly rising, never behind a ballot it has seen.</summary>
/// <remarks>
/// Concurrency: any thread, lock free.
/// See: Kulkarni et al., "Logical Physical Clocks", 2014; here the logical part shares one 64-bit word with the
/// milliseconds, so an overflow of 65,536 ballots in a millisecond simply borrows from the next one.
/// </remarks>
public sealed class HybridClock(TimeProvider time, IEntropy entropy)
{
    private readonly ulong _incarnation = entropy.NextUInt64();
    private ulong _last;

    /// <summary>A ballot above all that this clock issued or observed.</summary>
    public Ballot Next()
    {
        while (true)
        {
            ulong last = Volatile.Read(ref _last);
            ulong next = Math.Max(last + 1, WallClock());
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return new Ballot(next, _incarnation);
            }
        }
    }

    /// <summary>Raises the clock so that the next ballot is above <paramref name="seen"/>.</summary>
    public void Observe(Ballot seen)
    {
        while (true)
        {
            ulong last = Volatile.Read(ref _last);
            if (seen.Clock <= last || Interlocked.CompareExchange(ref _last, seen.Clock, last) == last)
            {
                return;
            }
        }
    }

    /// <summary>How far a ballot's clock is ahead of this node's wall clock; negative when behind.</summary>
    public TimeSpan LeadOf(Ballot ballot) => ballot.Time - time.GetUtcNow();

    private ulong WallClock() => (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16;
}

namespace Cairn.Objects.Data;

/// <summary>How many still use something that is shared; once nobody does, nobody can begin to.</summary>
/// <remarks>
/// A plain counter could rise again from zero: a drive that is asked outside the round's lock may come when the round
/// was decided, its result used, and the memory given back to the pool. It would then write into somebody else's
/// memory, and give it back a second time.
/// Concurrency: any thread.
/// </remarks>
internal sealed class HolderCount
{
    private int _count = 1;

    /// <summary>False when the last holder has let go.</summary>
    public bool TryAdd()
    {
        int count = Volatile.Read(ref _count);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>True for the last one.</summary>
    public bool Release() => Interlocked.Decrement(ref _count) == 0;
}

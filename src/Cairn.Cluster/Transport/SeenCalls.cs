namespace Cairn.Cluster.Transport;

/// <summary>Which calls of a session have begun or were cancelled, so that a request that comes twice is done once.</summary>
/// <remarks>
/// Calls are numbered from 1 and come nearly in order. Invariants: what lies more than the window below the highest
/// number counts as seen. A caller has fewer calls under way than the window is wide, so an honest one is never passed.
/// Concurrency: one caller.
/// </remarks>
internal sealed class SeenCalls
{
    private const int Window = 1 << 16;

    private readonly ulong[] _bits = new ulong[Window / 64];
    private ulong _highest;

    /// <summary>False when the call was seen before.</summary>
    public bool TryAdd(ulong call)
    {
        if (call > _highest)
        {
            Clear(_highest, call);
            _highest = call;
        }
        else if (_highest - call >= Window || (Word(call) & Bit(call)) != 0)
        {
            return false;
        }

        Word(call) |= Bit(call);
        return true;
    }

    private void Clear(ulong from, ulong to)
    {
        if (to - from >= Window)
        {
            Array.Clear(_bits);
            return;
        }

        for (ulong distance = to - from; distance > 0; distance--)
        {
            ulong call = from + distance;
            Word(call) &= ~Bit(call);
        }
    }

    private ref ulong Word(ulong call) => ref _bits[(int)(call % Window / 64)];

    private static ulong Bit(ulong call) => 1UL << (int)(call % 64);
}

namespace Cairn.Objects.Healing;

/// <summary>Versions that were found damaged while they were read, waiting to be repaired.</summary>
/// <remarks>
/// Purpose: a read serves the right bytes and goes on; the repair is somebody else's. Bounded: what does not fit is
/// found again by the next read, or by the scrub. Concurrency: any caller.
/// </remarks>
internal sealed class RepairQueue
{
    private const int Limit = 10_000;

    private readonly Lock _gate = new();
    private readonly HashSet<RepairTicket> _waiting = [];
    private readonly Queue<RepairTicket> _order = [];

    /// <summary>Told when something was added.</summary>
    public Action? Added { get; set; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _order.Count;
            }
        }
    }

    public void Add(RepairTicket ticket)
    {
        lock (_gate)
        {
            if (_order.Count >= Limit || !_waiting.Add(ticket))
            {
                return;
            }

            _order.Enqueue(ticket);
        }

        Added?.Invoke();
    }

    public bool TryTake(out RepairTicket ticket)
    {
        lock (_gate)
        {
            return _order.TryDequeue(out ticket) && _waiting.Remove(ticket);
        }
    }
}

using Microsoft.Extensions.Logging;

namespace Cairn.Cluster.Transport;

/// <summary>Counts what was refused on the cluster port, and logs it once per peer and period.</summary>
/// <remarks>
/// Invariants: bounded memory, whoever knocks from wherever: past the limit of peers all others share one entry.
/// Concurrency: any caller.
/// </remarks>
public sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    private const int MaxPeers = 256;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _saidAt = [];
    private readonly long[] _counts = new long[Enum.GetValues<TransportFault>().Length];

    /// <summary>How many connections or sessions were refused for this reason since the start.</summary>
    public long CountOf(TransportFault fault) => Interlocked.Read(ref _counts[(int)fault]);

    /// <summary>All reasons together.</summary>
    public long Count => Enum.GetValues<TransportFault>().Sum(CountOf);

    /// <param name="peer">The address, without the port, which changes with each try.</param>
    /// <param name="fault">What kind of refusal.</param>
    /// <param name="reason">A sentence for the operator.</param>
    public void Note(string peer, TransportFault fault, string reason)
    {
        Interlocked.Increment(ref _counts[(int)fault]);
        if (IsNews(peer))
        {
            TransportLog.PeerRefused(logger, peer, Count, reason);
        }
    }

    private bool IsNews(string peer)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (_saidAt.Count >= MaxPeers && !_saidAt.ContainsKey(peer))
            {
                foreach (string old in _saidAt.Keys.Where(key => IsOver(_saidAt[key], now)).ToArray())
                {
                    _saidAt.Remove(old);
                }

                peer = _saidAt.Count >= MaxPeers ? "others" : peer;
            }

            if (_saidAt.TryGetValue(peer, out long saidAt) && !IsOver(saidAt, now))
            {
                return false;
            }

            _saidAt[peer] = now;
            return true;
        }
    }

    private bool IsOver(long saidAt, long now) => time.GetElapsedTime(saidAt, now) >= Period;
}

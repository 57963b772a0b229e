namespace Cairn.Objects.Quorum;

/// <summary>Tells rounds how long they have been under way.</summary>
/// <remarks>
/// Purpose: a timer per round would cost more than most rounds; one timer serves all, and only while there are any.
/// Concurrency: any caller. Rounds are called outside the lock, so a round may be told once more after it left.
/// </remarks>
internal sealed class RoundWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly TimeSpan _quiet;
    private readonly List<WatchedRound> _due = [];
    private ITimer? _timer;
    private WatchedRound? _oldest;
    private WatchedRound? _newest;
    private bool _isTicking;

    /// <param name="time">The clock.</param>
    /// <param name="quiet">Rounds younger than this are not told.</param>
    public RoundWatch(TimeProvider time, TimeSpan quiet)
    {
        _time = time;
        _quiet = quiet;
        _period = quiet / 2;
    }

    public void Add(WatchedRound round)
    {
        lock (_gate)
        {
            if (round.IsWatched)
            {
                return;
            }

            round.WatchedSince = _time.GetTimestamp();
            round.IsWatched = true;
            round.Previous = _newest;
            if (_newest is null)
            {
                _oldest = round;
            }
            else
            {
                _newest.Next = round;
            }

            _newest = round;
            if (!_isTicking)
            {
                _isTicking = true;
                _timer ??= _time.CreateTimer(
                    static state => ((RoundWatch)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Remove(WatchedRound round)
    {
        lock (_gate)
        {
            if (!round.IsWatched)
            {
                return;
            }

            round.IsWatched = false;
            if (round.Previous is null)
            {
                _oldest = round.Next;
            }
            else
            {
                round.Previous.Next = round.Next;
            }

            if (round.Next is null)
            {
                _newest = round.Previous;
            }
            else
            {
                round.Next.Previous = round.Previous;
            }

            round.Previous = null;
            round.Next = null;
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        WatchedRound[] due;
        lock (_gate)
        {
            _due.Clear();
            for (WatchedRound? round = _oldest; round is not null; round = round.Next)
            {
                if (_time.GetElapsedTime(round.WatchedSince) < _quiet)
                {
                    break;
                }

                _due.Add(round);
            }

            due = [.. _due];
        }

        foreach (WatchedRound round in due)
        {
            round.OnTime(_time.GetElapsedTime(round.WatchedSince));
        }

        lock (_gate)
        {
            _isTicking = _oldest is not null;
            if (_isTicking)
            {
                _timer!.Change(_period, Timeout.InfiniteTimeSpan);
            }
        }
    }
}

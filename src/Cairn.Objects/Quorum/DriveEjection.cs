namespace Cairn.Objects.Quorum;

/// <summary>Sets a drive aside that keeps answering later than the others that were asked the same.</summary>
/// <remarks>
/// Purpose: a drive or node that hangs, or is many times slower than its peers, must not be waited for again and again.
/// Steps: (1) five observations of lateness, apart from each other and without an answer in time between them; (2) aside
/// for half a minute; (3) late again soon after that: aside for twice as long, up to ten minutes;
/// (4) back once it has answered in time, after its pause, what it was late with.
/// Invariants: it is a preference: what a quorum needs is asked of a drive that is set aside, too. Reads and writes are
/// counted apart: a device that hangs in every write may go on to answer reads from memory.
/// Concurrency: any caller. See: Envoy, "Outlier detection".
/// </remarks>
internal sealed class DriveEjection(TimeProvider time)
{
    private const int LatesBeforeAside = 5;

    // One pause of a device makes all calls late that are under way: they are one observation.
    private static readonly TimeSpan ObservationGap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Streak _reads = new();
    private readonly Streak _writes = new();
    private long _asideUntil;
    private TimeSpan _pause;
    private volatile bool _isOut;
    private bool _isOutByWrites;

    /// <summary>Told after IsOut changed, perhaps under the lock of a round: must return at once.</summary>
    public Action OutChanged { get; set; } = static () => { };

    /// <summary>From being set aside until it has answered in time after it.</summary>
    public bool IsOut => _isOut;

    public bool IsAside => Volatile.Read(ref _asideUntil) is var until && until != 0 && time.GetTimestamp() < until;

    /// <summary>How long it stays aside; zero when it is not.</summary>
    public TimeSpan Rest
    {
        get
        {
            long until = Volatile.Read(ref _asideUntil);
            long now = time.GetTimestamp();
            return until > now ? time.GetElapsedTime(now, until) : TimeSpan.Zero;
        }
    }

    /// <summary>It answered as soon as others do, or not much later.</summary>
    public void NoteOnTime(bool isWrite)
    {
        (isWrite ? _writes : _reads).End();
        if (_isOut)
        {
            ComeBack(isWrite);
        }
    }

    /// <summary>It answered much later than others, or has not answered yet.</summary>
    public void NoteLate(bool isWrite)
    {
        long now = time.GetTimestamp();
        Streak streak = isWrite ? _writes : _reads;
        bool isNews = false;
        lock (_gate)
        {
            if (now < _asideUntil || (streak.Lates > 0 && time.GetElapsedTime(streak.LastLate, now) < ObservationGap))
            {
                return;
            }

            streak.Add(now);
            if (streak.Lates >= LatesBeforeAside) // (1)
            {
                SetAside(now);
                isNews = !_isOut;
                _isOut = true;
                _isOutByWrites = isWrite;
            }
        }

        if (isNews)
        {
            OutChanged();
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _reads.End();
            _writes.End();
            _asideUntil = 0;
            _pause = TimeSpan.Zero;
            _isOut = false;
        }
    }

    // (4)
    private void ComeBack(bool isWrite)
    {
        lock (_gate)
        {
            if (!_isOut || isWrite != _isOutByWrites || IsAside)
            {
                return;
            }

            _isOut = false;
        }

        OutChanged();
    }

    private void SetAside(long now)
    {
        // (3) Well for as long as it was aside: the past is forgotten.
        bool isRelapse = _pause > TimeSpan.Zero && time.GetElapsedTime(_asideUntil, now) < _pause;
        _pause = !isRelapse ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _reads.End();
        _writes.End();
        Volatile.Write(ref _asideUntil, now + (long)(_pause.TotalSeconds * time.TimestampFrequency)); // (2)
    }

    // An answer in time ends it without a lock: a lateness that is lost to it costs one observation.
    private sealed class Streak
    {
        private int _lates;

        public int Lates => Volatile.Read(ref _lates);

        public long LastLate { get; private set; }

        public void Add(long now)
        {
            LastLate = now;
            Interlocked.Increment(ref _lates);
        }

        public void End()
        {
            if (Lates != 0)
            {
                Volatile.Write(ref _lates, 0);
            }
        }
    }
}

namespace Cairn.Objects.Quorum;

/// <summary>Sets a drive aside that keeps answering later than the others that were asked the same.</summary>
/// <remarks>
/// Purpose: a drive or node that hangs, or is many times slower than its peers, must not be waited for again and again.
/// Steps: (1) five observations of lateness, apart from each other and without an answer in time between them; (2) aside
/// for half a minute; (3) late again soon after its return: aside for twice as long, up to ten minutes.
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
    public void NoteOnTime(bool isWrite) => (isWrite ? _writes : _reads).End();

    /// <summary>It answered much later than others, or has not answered yet.</summary>
    public void NoteLate(bool isWrite)
    {
        long now = time.GetTimestamp();
        Streak streak = isWrite ? _writes : _reads;
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
            }
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
        }
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

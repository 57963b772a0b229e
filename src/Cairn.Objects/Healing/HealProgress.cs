namespace Cairn.Objects.Healing;

/// <summary>Counts one drive's healing; written by its run, read by anyone.</summary>
internal sealed class HealProgress(TimeProvider time)
{
    private long _objects;
    private long _bytes;
    private long _failed;
    private long _seen;
    private long _expected;
    private long _started;
    private TimeSpan _lastRun;
    private volatile int _activity;

    public HealActivity Activity => (HealActivity)_activity;

    public long Objects => Interlocked.Read(ref _objects);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Failed => Interlocked.Read(ref _failed);

    public TimeSpan Elapsed => Activity == HealActivity.Idle ? _lastRun : time.GetElapsedTime(_started);

    /// <summary>Share of the registers seen so far; the number to come is known only once the first source was read.</summary>
    public double Progress
    {
        get
        {
            long expected = Interlocked.Read(ref _expected);
            return Activity == HealActivity.Idle ? 1
                : expected == 0 ? 0
                : Math.Min(1, (double)Interlocked.Read(ref _seen) / expected);
        }
    }

    public TimeSpan? Remaining
    {
        get
        {
            double progress = Progress;
            return Activity == HealActivity.Idle ? TimeSpan.Zero
                : progress > 0 ? Elapsed * ((1 - progress) / progress)
                : null;
        }
    }

    public void Begin(HealActivity activity)
    {
        Interlocked.Exchange(ref _objects, 0);
        Interlocked.Exchange(ref _bytes, 0);
        Interlocked.Exchange(ref _failed, 0);
        Interlocked.Exchange(ref _seen, 0);
        Interlocked.Exchange(ref _expected, 0);
        _started = time.GetTimestamp();
        _activity = (int)activity;
    }

    /// <summary>Another pass over what may have failed before.</summary>
    public void BeginPass()
    {
        Interlocked.Exchange(ref _failed, 0);
        Interlocked.Exchange(ref _seen, 0);
    }

    public void Expect(long registers) => Interlocked.Exchange(ref _expected, registers);

    public void See() => Interlocked.Increment(ref _seen);

    public void Count(HealOutcome outcome)
    {
        if (outcome.Verdict == HealVerdict.Healed)
        {
            Interlocked.Increment(ref _objects);
            Interlocked.Add(ref _bytes, outcome.Bytes);
        }
        else if (!outcome.IsWhole)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    public void Wait() => _activity = (int)HealActivity.Waiting;

    public void End()
    {
        _lastRun = time.GetElapsedTime(_started);
        _activity = (int)HealActivity.Idle;
    }
}

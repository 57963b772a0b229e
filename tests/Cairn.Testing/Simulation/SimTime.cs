namespace Cairn.Testing.Simulation;

/// <summary>The clock of one process: virtual, jumping from timer to timer, and wrong by its skew.</summary>
internal sealed class SimTime(SimProcess process, SimScheduler scheduler) : TimeProvider
{
    /// <summary>The wall clock at the start of every world.</summary>
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Error of the wall clock. The monotonic clock and timers do not have it.</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => scheduler.NowTicks;

    public override DateTimeOffset GetUtcNow() => Epoch + new TimeSpan(scheduler.NowTicks) + Skew;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(process, scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

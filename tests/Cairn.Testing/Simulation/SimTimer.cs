namespace Cairn.Testing.Simulation;

/// <summary>A timer of one process. Each change makes the alarms set before it stale.</summary>
internal sealed class SimTimer(SimProcess process, SimScheduler scheduler, TimerCallback callback, object? state)
    : ITimer
{
    private int _version;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _isDisposed;

    public bool IsCurrent(int version) => version == _version && process.IsAlive;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed)
        {
            return false;
        }

        _version++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            scheduler.SetAlarm(dueTime, this, _version);
        }

        return true;
    }

    public void Fire(int version)
    {
        if (!IsCurrent(version))
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            scheduler.SetAlarm(_period, this, _version);
        }

        process.Post(static timer => ((SimTimer)timer!).Call(), this);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _version++;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Call()
    {
        if (!_isDisposed)
        {
            callback(state);
        }
    }
}

using Cairn.Drives;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Keeps one drive whole: runs when there is a reason, tries again while something is missing, then rests.</summary>
/// <remarks>
/// Reasons: the store starts, a drive comes or returns, a write missed the drive. Steps of a run: (1) a recovering
/// drive is rebuilt; (2) what the journals hold for it is brought; (3) a drive that was rebuilt votes again, not before
/// everything that could rest on its predecessor's promises is over.
/// Concurrency: any caller may ask for a run; at most one goes on.
/// </remarks>
internal sealed class DriveHealing(StoreEngine engine, DriveHandle target, HealPace pace)
{
    private readonly Lock _gate = new();
    private readonly DriveRebuild _rebuild = new(engine, pace);
    private readonly JournalCatchUp _catchUp = new(engine, new RegisterHealer(engine));
    private bool _isRunning;
    private bool _isWanted;
    private bool _isExpected;
    private volatile bool _isOwed;

    // Since when the run has seen it recovering without a break: it may be emptied while the run goes on.
    private long? _appeared;

    public HealProgress Progress { get; } = new(engine.Environment.Time);

    public DriveHandle Target => target;

    /// <summary>A run goes on, or waits for its turn; it may find nothing to do.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _isRunning;
            }
        }
    }

    /// <summary>A write missed it, and this node has not looked after that yet.</summary>
    public bool IsOwed
    {
        get => _isOwed;
        set => _isOwed = value;
    }

    /// <summary>A run is to come soon.</summary>
    public bool IsExpected => Volatile.Read(ref _isExpected);

    /// <summary>A run is to come soon, because a write missed the drive; false when one is expected already.</summary>
    public bool TryExpect() => !Interlocked.Exchange(ref _isExpected, true);

    /// <summary>The run that was expected begins, or will not come.</summary>
    public void EndExpectation() => Volatile.Write(ref _isExpected, false);

    /// <summary>Told when a run that did something begins and ends.</summary>
    public Action<DriveHealing>? Changed { get; set; }

    public void Want()
    {
        lock (_gate)
        {
            _isWanted = true;
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        if (!engine.Background.Start(RunAsync))
        {
            // The store is closing; the next start asks again.
            _isRunning = false;
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (TakeWish())
            {
                await HealAsync(stopping);
            }
        }
        catch
        {
            lock (_gate)
            {
                _isRunning = false;
            }

            throw;
        }
    }

    private bool TakeWish()
    {
        lock (_gate)
        {
            bool isWanted = _isWanted;
            _isWanted = false;
            _isRunning = isWanted;
            return isWanted;
        }
    }

    private async ValueTask HealAsync(CancellationToken stopping)
    {
        _appeared = null;
        TimeSpan pause = pace.FirstRetry;
        while (target.State is DriveState.Online or DriveState.Recovering && !await TryHealAsync(stopping))
        {
            Progress.Wait();
            await Task.Delay(pause, engine.Environment.Time, stopping);
            pause = pause * 2 < pace.LastRetry ? pause * 2 : pace.LastRetry;
        }

        if (Progress.Activity != HealActivity.Idle)
        {
            Progress.End();
            Changed?.Invoke(this);
        }
    }

    private async ValueTask<bool> TryHealAsync(CancellationToken stopping)
    {
        try
        {
            // (1)
            bool isRecovering = target.State == DriveState.Recovering;
            if (!isRecovering || _appeared is null)
            {
                target.BeginRest();
                _appeared = isRecovering ? engine.Environment.Time.GetTimestamp() : null;
            }

            if (_appeared is { } appeared)
            {
                if (engine.Environment.Time.GetElapsedTime(appeared) >= engine.Options.OperationDeadline)
                {
                    target.EndRest();
                }

                BeginRebuild();
                if (!await _rebuild.RunAsync(target, Progress, stopping))
                {
                    return false;
                }
            }

            // (2)
            if (!await _catchUp.RunAsync(target, Progress, stopping))
            {
                return false;
            }

            // (3)
            return !isRecovering || await EndRecoveryAsync(stopping);
        }
        catch (HealInterruptedException)
        {
            return false;
        }
    }

    private void BeginRebuild()
    {
        if (Progress.Activity == HealActivity.Idle)
        {
            Progress.Begin(HealActivity.Rebuilding);
            Changed?.Invoke(this);
        }
        else
        {
            Progress.BeginPass();
        }
    }

    private async ValueTask<bool> EndRecoveryAsync(CancellationToken stopping)
    {
        TimeSpan rest = engine.Options.OperationDeadline - engine.Environment.Time.GetElapsedTime(_appeared!.Value);
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, engine.Environment.Time, stopping);
        }

        // What missed the drive while it was being rebuilt stands in the journals.
        return await _catchUp.RunAsync(target, Progress, stopping)
            && await target.EndRecoveryAsync() == DriveFault.None;
    }
}

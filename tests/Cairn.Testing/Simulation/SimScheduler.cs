using System.Globalization;

namespace Cairn.Testing.Simulation;

/// <summary>The loop of a world: runs one ready continuation, picked by seed; when none is ready, jumps to the next alarm.</summary>
/// <remarks>
/// Invariants: virtual time stands still while anything is ready, so a timeout only fires when the world truly waits.
/// Alarms due at one instant become ready together and race by seed.
/// </remarks>
internal sealed class SimScheduler(World world, WorldOptions options)
{
    // How long real time is given to a foreign thread to show itself before a standstill is called a deadlock.
    private static readonly TimeSpan EscapeGrace = TimeSpan.FromSeconds(2);

    private readonly SimRandom _random = SimRandom.Named(world.Seed, "scheduler");
    private readonly List<Ready> _ready = [];
    private readonly PriorityQueue<Alarm, (long Due, long Order)> _alarms = new();
    private long _alarmOrder;
    private long _stepsAtInstant;

    public long NowTicks { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Queues a continuation of a process.</summary>
    public void Enqueue(SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (!world.IsInside)
        {
            world.Fail("Escape: a continuation arrived from a foreign thread.\n" + Environment.StackTrace);
            return;
        }

        if (process.IsAlive)
        {
            _ready.Add(new Ready(process, callback, state));
        }
    }

    public Task DelayAsync(TimeSpan delay)
    {
        world.AssertInside();
        var source = new TaskCompletionSource();
        SetAlarm(delay, new Alarm(null, source, 0));
        return source.Task;
    }

    public void SetAlarm(TimeSpan delay, SimTimer timer, int version) =>
        SetAlarm(delay, new Alarm(timer, null, version));

    public void RunUntil(Task main)
    {
        while (!main.IsCompleted)
        {
            world.ThrowIfFailed();
            if (_ready.Count > 0)
            {
                RunOne();
            }
            else if (!JumpToNextAlarm())
            {
                Stall(main);
            }
        }
    }

    private void SetAlarm(TimeSpan delay, Alarm alarm)
    {
        long due = NowTicks + Math.Max(0, delay.Ticks);
        _alarms.Enqueue(alarm, (due, _alarmOrder++));
    }

    private void RunOne()
    {
        int choice = _ready.Count == 1 ? 0 : _random.Next(_ready.Count);
        Ready next = _ready[choice];
        _ready[choice] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (!next.Process.IsAlive || next.Process.TryHold(next.Callback, next.State))
        {
            return;
        }

        world.Trace.Mix((ulong)choice);
        CountStep();
        SynchronizationContext.SetSynchronizationContext(next.Process);
        try
        {
            next.Callback(next.State);
        }
#pragma warning disable CA1031 // The boundary of the world: whatever arrives here becomes the run's failure.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            throw world.Fail("A continuation threw: " + thrown.Message, thrown);
        }
    }

    private void CountStep()
    {
        Steps++;
        if (Steps > options.StepLimit)
        {
            throw world.Fail("The scenario did not end within the step limit.");
        }

        if (++_stepsAtInstant > options.StepLimitPerInstant)
        {
            throw world.Fail("The program runs in a circle: virtual time stands still.");
        }
    }

    private bool JumpToNextAlarm()
    {
        // Without a context, what completes here is posted to the process that awaits it instead of run inline.
        SynchronizationContext.SetSynchronizationContext(null);
        while (_alarms.TryDequeue(out Alarm alarm, out (long Due, long Order) at))
        {
            if (alarm.IsStale)
            {
                continue;
            }

            if (at.Due > NowTicks)
            {
                NowTicks = at.Due;
                _stepsAtInstant = 0;
                if (NowTicks > options.TimeLimit.Ticks)
                {
                    throw world.Fail("The scenario did not end within the virtual time limit.");
                }
            }

            alarm.Ring();
            while (_alarms.TryPeek(out Alarm same, out at) && at.Due <= NowTicks)
            {
                _alarms.Dequeue();
                same.Ring();
            }

            return true;
        }

        return false;
    }

    private void Stall(Task main)
    {
        // Only a foreign thread could still move this world; if one does, that is the better diagnosis.
        world.WaitForEscape(EscapeGrace);
        world.ThrowIfFailed();
        if (!main.IsCompleted)
        {
            throw world.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"Deadlock after {Steps} steps: nothing is ready, no timer is set, the scenario has not ended."));
        }
    }

    private readonly record struct Ready(SimProcess Process, SendOrPostCallback Callback, object? State);

    private readonly record struct Alarm(SimTimer? Timer, TaskCompletionSource? Delay, int Version)
    {
        public bool IsStale => Timer is not null && !Timer.IsCurrent(Version);

        public void Ring()
        {
            Delay?.SetResult();
            Timer?.Fire(Version);
        }
    }
}

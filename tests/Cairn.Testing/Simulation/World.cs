namespace Cairn.Testing.Simulation;

/// <summary>A deterministic universe on the calling thread: clock, chance, scheduling, processes and drives from a seed.</summary>
/// <remarks>
/// Purpose: run the production storage code under faults and crashes, and run it again exactly.
/// Invariants: the same seed and scenario give the same trace hash, in any process. Nothing in a world waits for real
/// time. All code of the scenario runs on the thread that called <see cref="Run"/>; anything else is an escape.
/// Concurrency: one thread; a continuation that arrives from elsewhere fails the run.
/// Failure: a broken rule is remembered, so that product code that catches exceptions cannot hide it.
/// </remarks>
internal sealed class World
{
    private readonly WorldOptions _options;
    private int _threadId = Environment.CurrentManagedThreadId;
    private readonly TaskCompletionSource _hasFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SimulationFailure? _failure;

    public World(ulong seed, WorldOptions? options = null)
    {
        Seed = seed;
        _options = options ?? new WorldOptions();
        Trace = new SimTrace(_options.TraceWindow);
        Scheduler = new SimScheduler(this, _options);
        Random = SimRandom.Named(seed, "scenario");
        Root = new SimProcess(this, "scenario");
    }

    public ulong Seed { get; }

    public SimTrace Trace { get; }

    public SimScheduler Scheduler { get; }

    /// <summary>Chance for the scenario itself: workloads and faults.</summary>
    public SimRandom Random { get; }

    /// <summary>The process that the scenario runs in. It never dies.</summary>
    public SimProcess Root { get; }

    /// <summary>True virtual time since the start, without any process's skew.</summary>
    public TimeSpan Now => new(Scheduler.NowTicks);

    /// <summary>Effects on drives so far: a clock for nemeses that want to strike between two of them.</summary>
    public long Effects { get; private set; }

    /// <summary>Runs a scenario to its end.</summary>
    /// <exception cref="SimulationFailure">A rule was broken, the scenario threw, hung, or ran in a circle.</exception>
    public void Run(Func<Task> scenario)
    {
        SynchronizationContext? outside = SynchronizationContext.Current;
        _threadId = Environment.CurrentManagedThreadId;
        try
        {
            SynchronizationContext.SetSynchronizationContext(Root);
            Task main = Root.RunAsync(scenario);
            Scheduler.RunUntil(main);
            ThrowIfFailed();
            Rethrow(main);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    /// <summary>Resumes after that much virtual time, in the caller's process.</summary>
    public Task DelayAsync(TimeSpan delay) => Scheduler.DelayAsync(delay);

    public void Record(string source, string what, string detail = "", long number = 0) =>
        Trace.Record(new TraceEvent(Scheduler.NowTicks, source, what, detail, number));

    public void CountEffect() => Effects++;

    /// <summary>Ends the run. The first failure wins.</summary>
    public SimulationFailure Fail(string reason, Exception? inner = null)
    {
        SimulationFailure failure = inner as SimulationFailure ?? new SimulationFailure(Seed, reason, Trace, inner);
        SimulationFailure first = Interlocked.CompareExchange(ref _failure, failure, null) ?? failure;
        _hasFailed.TrySetResult();
        return first;
    }

    /// <summary>Waits, in real time, for a foreign thread to show itself.</summary>
    public void WaitForEscape(TimeSpan grace) => _hasFailed.Task.Wait(grace);

    /// <summary>Every seam calls this first.</summary>
    /// <exception cref="SimulationFailure">The caller runs on a thread that does not belong to the world.</exception>
    public void AssertInside()
    {
        if (Environment.CurrentManagedThreadId != _threadId)
        {
            throw Fail("Escape: code of the world runs on a foreign thread.\n" + Environment.StackTrace);
        }
    }

    public bool IsInside => Environment.CurrentManagedThreadId == _threadId;

    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }

    private void Rethrow(Task main)
    {
        if (main.Exception is { } thrown)
        {
            Exception cause = thrown.InnerExceptions.Count == 1 ? thrown.InnerExceptions[0] : thrown;
            throw cause is SimulationFailure failure
                ? failure
                : new SimulationFailure(Seed, "The scenario threw: " + cause.Message, Trace, cause);
        }

        if (main.IsCanceled)
        {
            throw new SimulationFailure(Seed, "The scenario was cancelled.", Trace);
        }
    }
}

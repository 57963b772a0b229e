using System.Threading.Channels;
using Cairn.Primitives.Scheduling;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Testing;

/// <summary>Runs small programs in a world: what is allowed must replay exactly, what escapes must be caught.</summary>
public sealed class WorldTests
{
    [Fact]
    public void The_same_seed_replays_the_same_trace()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(TraceOf(seed), TraceOf(seed));
        }
    }

    [Fact]
    public void Different_seeds_take_different_paths()
    {
        IEnumerable<ulong> traces = Enumerable.Range(0, 50).Select(seed => TraceOf((ulong)seed)).Distinct();
        Assert.Equal(50, traces.Count());
    }

    [Fact]
    public void The_trace_of_a_seed_never_changes_between_processes()
    {
        // A constant, because a value computed twice in one process would also agree when string hashes decide order.
        Assert.Equal(GoldenTrace, TraceOf(7));
    }

    [Fact]
    public void Virtual_time_jumps_over_idle_spans()
    {
        var world = new World(1);
        world.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromDays(10), world.Root.Time);
            Assert.Equal(SimTime.Epoch.AddDays(10), world.Root.Time.GetUtcNow());
        });
        Assert.Equal(TimeSpan.FromDays(10), world.Now);
    }

    [Fact]
    public void Skew_moves_the_wall_clock_but_not_the_monotonic_one()
    {
        var world = new World(1);
        world.Run(async () =>
        {
            var process = new SimProcess(world, "late") { Time = { Skew = TimeSpan.FromMinutes(-3) } };
            await world.DelayAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(SimTime.Epoch.AddMinutes(-2), process.Time.GetUtcNow());
            Assert.Equal(TimeSpan.FromMinutes(1), process.Time.GetElapsedTime(0));
        });
    }

    [Fact]
    public void A_timeout_fires_only_when_the_world_waits()
    {
        var world = new World(3);
        world.Run(async () =>
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(1), world.Root.Time);
            for (int i = 0; i < 10_000; i++)
            {
                await Task.Yield();
            }

            Assert.False(timeout.IsCancellationRequested);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => Task.Delay(TimeSpan.FromHours(1), world.Root.Time, timeout.Token));
        });
        Assert.Equal(TimeSpan.FromMilliseconds(1), world.Now);
    }

    [Fact]
    public void Task_Run_is_an_escape()
    {
        // The work ends only when it is awaited already: a task that has ended is no escape.
        using ManualResetEventSlim gate = new();
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => new World(1).Run(async () =>
        {
            Task foreign = Task.Run(() => gate.Wait(), TestContext.Current.CancellationToken);
            Task awaiting = AwaitAsync(foreign);
            gate.Set();
            await awaiting;
        }));
        Assert.Contains("Escape", failure.Reason, StringComparison.Ordinal);
    }

    private static async Task AwaitAsync(Task task) => await task;

    [Fact]
    public void Leaving_the_context_is_an_escape_at_the_next_seam()
    {
        var world = new World(1);
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => world.Run(async () =>
        {
            Task delay = world.DelayAsync(TimeSpan.FromSeconds(1));
            await delay.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .ConfigureAwait(false);
            await world.DelayAsync(TimeSpan.FromSeconds(1));
        }));
        Assert.Contains("Escape", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_waits_for_nothing_is_a_deadlock()
    {
        SimulationFailure failure = Assert.Throws<SimulationFailure>(
            () => new World(1).Run(() => new TaskCompletionSource().Task));
        Assert.Contains("Deadlock", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_spins_is_stopped()
    {
        var world = new World(1, new WorldOptions { StepLimitPerInstant = 1_000 });
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => world.Run(async () =>
        {
            while (true)
            {
                await Task.Yield();
            }
        }));
        Assert.Contains("circle", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_names_its_seed_and_shows_the_last_events()
    {
        var world = new World(42);
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => world.Run(() =>
        {
            world.Record("scenario", "about to break");
            throw new InvalidOperationException("broken");
        }));
        Assert.Contains("seed 42", failure.Message, StringComparison.Ordinal);
        Assert.Contains("about to break", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failing_background_work_fails_the_run()
    {
        var world = new World(1);
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => world.Run(async () =>
        {
            world.Root.Work.Start(() => throw new InvalidOperationException("lost in the background"));
            await world.DelayAsync(TimeSpan.FromSeconds(1));
        }));
        Assert.Contains("lost in the background", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_process_never_runs_again_and_its_callers_learn_nothing_more()
    {
        var world = new World(5);
        bool cleanedUp = false;
        int progress = 0;
        world.Run(async () =>
        {
            var process = new SimProcess(world, "node 1");
            Task call = process.RunAsync(async () =>
            {
                try
                {
                    while (true)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(1), process.Time);
                        progress++;
                    }
                }
                finally
                {
                    cleanedUp = true;
                }
            });
            await world.DelayAsync(TimeSpan.FromSeconds(10.5));
            process.Kill();
            await Assert.ThrowsAsync<ProcessKilledException>(() => call);
            await world.DelayAsync(TimeSpan.FromSeconds(10));
        });
        Assert.Equal(10, progress);
        Assert.False(cleanedUp);
    }

    private const ulong GoldenTrace = 11631955623667333397;

    // Everything that the simulated tier may use to wait, three workers at a time.
    private static ulong TraceOf(ulong seed)
    {
        var world = new World(seed);
        world.Run(async () =>
        {
            Channel<int> channel = Channel.CreateBounded<int>(2);
            var mutex = new AsyncLock();
            await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => WorkAsync(world, worker, channel, mutex)));
        });
        return world.Trace.Hash;
    }

    private static async Task WorkAsync(World world, int worker, Channel<int> channel, AsyncLock mutex)
    {
        SimTime time = world.Root.Time;
        for (int round = 0; round < 5; round++)
        {
            await Task.Yield();
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(3)), time);
            using (await mutex.AcquireAsync(CancellationToken.None))
            {
                world.Record("worker", "holds the lock", "", worker);
                await Task.Delay(TimeSpan.FromMilliseconds(1), time);
            }

            await Task.WhenAny(
                channel.Writer.WriteAsync(worker).AsTask(),
                Task.Delay(TimeSpan.FromMilliseconds(5), time));
            int sum = 0;
            await world.Root.Work.RunAsync(() => sum = worker + round);
            if (channel.Reader.TryRead(out int other))
            {
                world.Record("worker", "read", "", other + sum);
            }

            using var periodic = new PeriodicTimer(TimeSpan.FromMilliseconds(2), time);
            await periodic.WaitForNextTickAsync();
        }
    }
}

using Cairn.Primitives;
using Cairn.Primitives.Scheduling;

namespace Cairn.Testing.Simulation;

/// <summary>One operating system process in a world: a context for its continuations, and the seams it may use.</summary>
/// <remarks>
/// Purpose: kill -9. Each await in the process's code captures this context; after Kill nothing posted to it ever runs,
/// so no finally block, no dispose and no late completion softens the crash.
/// </remarks>
internal sealed class SimProcess : SynchronizationContext
{
    private readonly World _world;
    private readonly LinkedList<Action> _callers = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _held = new();

    public SimProcess(World world, string name)
    {
        _world = world;
        Name = name;
        Time = new SimTime(this, world.Scheduler);
        Entropy = new SimEntropy(SimRandom.Named(world.Seed, "entropy of " + name));
        Work = new SimWork(world, this);
    }

    /// <summary>Unique in its world: a restarted process gets a new one, and with it fresh chance.</summary>
    public string Name { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it stands still, as by SIGSTOP: alive, and nothing of it runs.</summary>
    public bool IsPaused { get; private set; }

    public SimTime Time { get; }

    public IEntropy Entropy { get; }

    public IWorkScheduler Work { get; }

    /// <summary>Calls into the process, as a client would over a connection.</summary>
    /// <exception cref="ProcessKilledException">The process died first; whether the call took effect is unknown.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        if (!IsAlive)
        {
            throw new ProcessKilledException(Name);
        }

        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<Action> connection =
            _callers.AddLast(() => answer.TrySetException(new ProcessKilledException(Name)));
        Post(_ => Answer(call, answer), null);
        try
        {
            return await answer.Task;
        }
        finally
        {
            if (connection.List is not null)
            {
                _callers.Remove(connection);
            }
        }
    }

    public Task RunAsync(Func<Task> call) => RunAsync(async () =>
    {
        await call();
        return true;
    });

    /// <summary>kill -9: connected callers see a broken connection, everything else of the process is gone.</summary>
    public void Kill()
    {
        _world.Record(Name, "killed");
        IsAlive = false;
        while (_callers.First is { } connection)
        {
            _callers.RemoveFirst();
            connection.Value();
        }
    }

    /// <summary>SIGSTOP: what becomes ready waits until <see cref="Resume"/>; time goes on.</summary>
    public void Pause()
    {
        _world.Record(Name, "paused");
        IsPaused = true;
    }

    /// <summary>SIGCONT: everything that waited is ready at once, in any order.</summary>
    public void Resume()
    {
        _world.Record(Name, "resumed");
        IsPaused = false;
        while (_held.TryDequeue(out (SendOrPostCallback Callback, object? State) held))
        {
            Post(held.Callback, held.State);
        }
    }

    /// <summary>Keeps a ready continuation back if the process stands still.</summary>
    public bool TryHold(SendOrPostCallback callback, object? state)
    {
        if (IsPaused)
        {
            _held.Enqueue((callback, state));
        }

        return IsPaused;
    }

    public override void Post(SendOrPostCallback d, object? state) => _world.Scheduler.Enqueue(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in a world may block for another continuation.");

    public override SynchronizationContext CreateCopy() => this;

#pragma warning disable CA1031 // The exception travels to the caller, as an answer.
    private static async void Answer<T>(Func<Task<T>> call, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.TrySetResult(await call());
        }
        catch (OperationCanceledException cancelled)
        {
            answer.TrySetCanceled(cancelled.CancellationToken);
        }
        catch (Exception thrown)
        {
            answer.TrySetException(thrown);
        }
    }
#pragma warning restore CA1031
}

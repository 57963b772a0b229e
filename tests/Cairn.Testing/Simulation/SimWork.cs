using Cairn.Primitives.Scheduling;

namespace Cairn.Testing.Simulation;

/// <summary>"Another thread" of a process: work that runs later, interleaved with everything else by seed.</summary>
internal sealed class SimWork(World world, SimProcess process) : IWorkScheduler
{
    public Task RunAsync(Action work)
    {
        world.AssertInside();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Post(_ => Complete(work, done), null);
        return done.Task;
    }

    public void Start(Func<Task> work)
    {
        world.AssertInside();
        process.Post(_ => Watch(work), null);
    }

#pragma warning disable CA1031 // The exception travels: to the caller in one case, into the run's failure in the other.
    private static void Complete(Action work, TaskCompletionSource done)
    {
        try
        {
            work();
            done.SetResult();
        }
        catch (Exception thrown)
        {
            done.SetException(thrown);
        }
    }

    private async void Watch(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception thrown)
        {
            world.Fail("Background work of " + process.Name + " threw: " + thrown.Message, thrown);
        }
    }
#pragma warning restore CA1031
}

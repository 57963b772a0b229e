using Cairn.Primitives.Scheduling;

namespace Cairn.FunctionalTests.Hosting;

/// <summary>Work on the thread pool, as in production.</summary>
internal sealed class PoolWork : IWorkScheduler
{
    public Task RunAsync(Action work) => Task.Run(work);

    public void Start(Func<Task> work) => _ = Task.Run(work);
}

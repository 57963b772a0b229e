using Cairn.Primitives.Scheduling;

namespace Cairn.Server.Composition;

/// <summary>Runs work on the thread pool.</summary>
/// <remarks>Failure: background work that throws is a bug and ends the process, like any unhandled exception.</remarks>
internal sealed class ThreadPoolScheduler : IWorkScheduler
{
    public Task RunAsync(Action work) => Task.Run(work);

    public void Start(Func<Task> work) => ThreadPool.UnsafeQueueUserWorkItem(
        static async void (start) => await start(), work, preferLocal: false);
}

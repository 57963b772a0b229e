namespace Cairn.Primitives.Scheduling;

/// <summary>
/// Moves CPU work off the caller. Production uses the thread pool; the simulator queues the work and picks it by seed.
/// </summary>
public interface IWorkScheduler
{
    /// <summary>Runs <paramref name="work"/>; the task ends when it has, with its exception if it threw.</summary>
    Task RunAsync(Action work);

    /// <summary>Starts background work whose failures the work itself must handle.</summary>
    void Start(Func<Task> work);
}

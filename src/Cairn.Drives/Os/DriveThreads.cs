using System.Diagnostics.CodeAnalysis;

namespace Cairn.Drives.Os;

/// <summary>The threads on which one drive waits for its device.</summary>
/// <remarks>
/// Purpose: calls into a device that hangs do not come back. On threads of its own a drive can lose only these, never
/// the thread pool that all requests share.
/// Concurrency: any caller; work starts in the order it came.
/// Failure: work past the bound of the queue is refused as Busy. After disposal everything is refused as Offline.
/// </remarks>
internal sealed class DriveThreads : IDisposable
{
    // Small: the deepest native stack below is RocksDB's, and hundreds of drives must not cost gigabytes.
    private const int StackBytes = 512 << 10;

    private readonly object _gate = new();
    private readonly Queue<Action<DriveIoException?>> _queue = new();
    private readonly int _limit;
    private int _idle;
    private bool _isStopped;

    /// <param name="name">Shown by debuggers and in traces.</param>
    /// <param name="count">Threads, and so calls into the device at once.</param>
    /// <param name="limit">Calls that may wait.</param>
    public DriveThreads(string name, int count, int limit)
    {
        _limit = limit;
        for (int i = 0; i < count; i++)
        {
            Thread thread = new(Run, StackBytes) { IsBackground = true, Name = name };
            thread.Start();
        }
    }

    /// <exception cref="DriveIoException">As thrown by the work; Busy; Offline.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(refusal =>
        {
            if (refusal is not null)
            {
                answer.SetException(refusal);
            }
            else
            {
                Answer(work, answer);
            }
        });
        return answer.Task;
    }

    /// <exception cref="DriveIoException">As thrown by the work; Busy; Offline.</exception>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Ends the threads once what is queued is done. Does not wait for them: one may hang for good.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the work throws belongs to whoever awaits it.")]
    private static void Answer<T>(Func<T> work, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.SetResult(work());
        }
        catch (Exception e)
        {
            answer.SetException(e);
        }
    }

    private void Enqueue(Action<DriveIoException?> work)
    {
        DriveIoException? refusal = null;
        lock (_gate)
        {
            if (_isStopped)
            {
                refusal = new DriveIoException(DriveFault.Offline, "The drive is closed.");
            }
            else if (_queue.Count >= _limit)
            {
                refusal = new DriveIoException(DriveFault.Busy, "Too many calls wait for the device.");
            }
            else
            {
                _queue.Enqueue(work);
                if (_idle > 0)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }

        if (refusal is not null)
        {
            work(refusal);
        }
    }

    private void Run()
    {
        while (TryTake(out Action<DriveIoException?>? work))
        {
            work(null);
        }
    }

    private bool TryTake([NotNullWhen(true)] out Action<DriveIoException?>? work)
    {
        lock (_gate)
        {
            while (!_queue.TryDequeue(out work))
            {
                if (_isStopped)
                {
                    return false;
                }

                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }

            return true;
        }
    }
}

using Cairn.Primitives.Scheduling;

namespace Cairn.Objects.Quorum;

/// <summary>Owns everything that goes on after its caller was answered, so that shutdown can wait for it.</summary>
/// <remarks>
/// Concurrency: any caller. Failure: work handles its own failures; an exception that escapes it is a bug and surfaces
/// from DisposeAsync instead of vanishing.
/// </remarks>
internal sealed class BackgroundWork(IWorkScheduler work) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _running;
    private TaskCompletionSource? _drained;
    private Exception? _failure;
    private bool _isStopped;

    /// <summary>Cancelled when the store shuts down: loops end, single steps finish.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Starts a piece of work on its own; refused once draining has begun.</summary>
    public bool Start(Func<CancellationToken, Task> body)
    {
        if (!TryBegin())
        {
            return false;
        }

        work.Start(() => RunAsync(body));
        return true;
    }

    /// <summary>Counts work that somebody else runs. Each success is paired with End.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_drained is not null)
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    public void End()
    {
        TaskCompletionSource? drained = null;
        lock (_gate)
        {
            if (--_running == 0)
            {
                drained = _drained;
            }
        }

        drained?.TrySetResult();
    }

    /// <summary>Keeps the first exception of work that nobody awaits.</summary>
    public void NoteFailure(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    /// <summary>Takes no more work, tells loops to end, and returns when all has ended. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        TaskCompletionSource drained;
        lock (_gate)
        {
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained;
            if (_running == 0)
            {
                drained.TrySetResult();
            }
        }

        if (Interlocked.Exchange(ref _isStopped, true))
        {
            await drained.Task;
            return;
        }

        _stopping.Cancel();
        await drained.Task;
        _stopping.Dispose();
        if (_failure is not null)
        {
            throw new InvalidOperationException("Background work failed.", _failure);
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> body)
    {
        try
        {
            await body(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Ending on request is what a loop is asked to do.
            return;
        }
#pragma warning disable CA1031 // The boundary of background work: kept for DisposeAsync.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            NoteFailure(failure);
        }
        finally
        {
            End();
        }
    }
}

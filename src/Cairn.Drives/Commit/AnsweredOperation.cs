namespace Cairn.Drives.Commit;

/// <summary>An operation that somebody waits for.</summary>
/// <remarks>
/// Concurrency: whoever waits goes on within the call that answers: a batch answers many, and a change of thread for each
/// of them would cost more than most of them have left to do.
/// </remarks>
internal abstract class AnsweredOperation<TAnswer> : DriveOperation
{
    private readonly TaskCompletionSource<TAnswer> _answer = new();
    private CancellationTokenRegistration _cancellation;

    /// <summary>Queues the operation.</summary>
    /// <returns>Its answer, or the caller's cancellation; then the operation itself goes on.</returns>
    /// <remarks>Not Task.WaitAsync: over a source like this one it resumes on the thread pool, whatever the context.</remarks>
    public ValueTask<TAnswer> SubmitTo(Committer committer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TAnswer>(cancellationToken);
        }

        // Before the operation is queued: it may be answered at any time after.
        _cancellation = cancellationToken.UnsafeRegister(
            static (answer, token) => ((TaskCompletionSource<TAnswer>)answer!).TrySetCanceled(token), _answer);
        committer.Submit(this);
        return new ValueTask<TAnswer>(_answer.Task);
    }

    protected void Answer(TAnswer answer)
    {
        _cancellation.Unregister();
        _answer.TrySetResult(answer);
    }
}

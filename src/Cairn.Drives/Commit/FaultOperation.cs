namespace Cairn.Drives.Commit;

/// <summary>An operation whose only answer is whether it was done.</summary>
internal abstract class FaultOperation : DriveOperation
{
    private readonly TaskCompletionSource<DriveFault> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, or the caller's cancellation; the operation itself goes on.</summary>
    /// <remarks>Not Task.WaitAsync: over a source like this one it resumes on the thread pool, whatever the context.</remarks>
    public async ValueTask<DriveFault> AnswerAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (answer, token) => ((TaskCompletionSource<DriveFault>)answer!).TrySetCanceled(token), _answer);
        return await _answer.Task;
    }

    public override void Complete() => _answer.TrySetResult(DriveFault.None);

    public override void Fail(DriveFault fault) => _answer.TrySetResult(fault);
}

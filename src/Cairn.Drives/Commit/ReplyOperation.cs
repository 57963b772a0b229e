namespace Cairn.Drives.Commit;

/// <summary>An operation that answers with a reply.</summary>
internal abstract class ReplyOperation<TReply> : DriveOperation
{
    private readonly TaskCompletionSource<DriveResult<TReply>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DriveResult<TReply> _reply = DriveFault.Io;

    /// <summary>The answer, or the caller's cancellation; the operation itself goes on.</summary>
    /// <remarks>Not Task.WaitAsync: over a source like this one it resumes on the thread pool, whatever the context.</remarks>
    public async ValueTask<DriveResult<TReply>> AnswerAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (answer, token) => ((TaskCompletionSource<DriveResult<TReply>>)answer!).TrySetCanceled(token), _answer);
        return await _answer.Task;
    }

    public override void Complete() => _answer.TrySetResult(_reply);

    public override void Fail(DriveFault fault) => _answer.TrySetResult(fault);

    protected void Decide(TReply reply) => _reply = reply;

    protected void Refuse(DriveFault fault) => _reply = fault;
}

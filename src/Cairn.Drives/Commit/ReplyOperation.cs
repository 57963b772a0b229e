namespace Cairn.Drives.Commit;

/// <summary>An operation that answers with a reply.</summary>
internal abstract class ReplyOperation<TReply> : DriveOperation
{
    private readonly TaskCompletionSource<DriveResult<TReply>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DriveResult<TReply> _reply = DriveFault.Io;

    public Task<DriveResult<TReply>> Answer => _answer.Task;

    public override void Complete() => _answer.TrySetResult(_reply);

    public override void Fail(DriveFault fault) => _answer.TrySetResult(fault);

    protected void Decide(TReply reply) => _reply = reply;

    protected void Refuse(DriveFault fault) => _reply = fault;
}

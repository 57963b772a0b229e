namespace Cairn.Drives.Commit;

/// <summary>An operation that answers with a reply.</summary>
internal abstract class ReplyOperation<TReply> : AnsweredOperation<DriveResult<TReply>>
{
    private DriveResult<TReply> _reply = DriveFault.Io;

    public override void Complete() => Answer(_reply);

    public override void Fail(DriveFault fault) => Answer(fault);

    protected void Decide(TReply reply) => _reply = reply;

    protected void Refuse(DriveFault fault) => _reply = fault;
}

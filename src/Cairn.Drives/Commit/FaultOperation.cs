namespace Cairn.Drives.Commit;

/// <summary>An operation whose only answer is whether it was done.</summary>
internal abstract class FaultOperation : AnsweredOperation<DriveFault>
{
    public override void Complete() => Answer(DriveFault.None);

    public override void Fail(DriveFault fault) => Answer(fault);
}

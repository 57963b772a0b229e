namespace Cairn.Drives.Commit;

/// <summary>An operation whose only answer is whether it was done.</summary>
internal abstract class FaultOperation : DriveOperation
{
    private readonly TaskCompletionSource<DriveFault> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<DriveFault> Answer => _answer.Task;

    public override void Complete() => _answer.TrySetResult(DriveFault.None);

    public override void Fail(DriveFault fault) => _answer.TrySetResult(fault);
}

using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>Closes a bucket for accepts, or opens it again, unless a later order has come before.</summary>
internal sealed class BucketGateOperation(BucketGate gate) : FaultOperation
{
    private DriveFault _outcome;

    public override ValueTask EvaluateAsync(BatchScope scope)
    {
        BucketGate known = scope.Standing.GateOf(gate.Bucket);
        if (gate.IsBefore(known))
        {
            _outcome = DriveFault.Superseded;
        }
        else if (gate != known)
        {
            scope.Standing.SetGate(gate, scope);
        }

        return ValueTask.CompletedTask;
    }

    public override void Complete() => Fail(_outcome);
}

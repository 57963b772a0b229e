using Cairn.Drives.Index;
using Cairn.Drives.Records;

namespace Cairn.Drives.Commit;

/// <summary>Lets the drive vote from now on.</summary>
internal sealed class EndRecoveryOperation(DriveStanding standing) : FaultOperation
{
    public override ValueTask EvaluateAsync(BatchScope scope)
    {
        if (!standing.IsVoting)
        {
            scope.Put(
                IndexFamily.System,
                SystemRow.IdentityKey,
                SystemRow.EncodeIdentity(standing.Id, isRecovering: false));
        }

        return ValueTask.CompletedTask;
    }

    public override void Complete()
    {
        standing.EndRecovery();
        base.Complete();
    }
}

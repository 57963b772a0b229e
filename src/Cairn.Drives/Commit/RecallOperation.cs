using Cairn.Drives.Records;
using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>Writes a register with a pending value again as it is, so that it is noted as one (PendingSlots).</summary>
internal sealed class RecallOperation(RegisterKey key) : FaultOperation
{
    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        // It was seen in a view of the index, and may have been committed since.
        RegisterHead? head = await scope.ReadHeadAsync(key);
        if (head is { HasPending: true })
        {
            scope.PutHead(key, head);
        }
    }
}

using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>Strikes lines from the journal, unless a newer write was missed since.</summary>
/// <remarks>Striking this drive's line about itself says that the register is whole again and votes.</remarks>
internal sealed class ClearMissedOperation(IReadOnlyList<MissedWrite> repaired) : FaultOperation
{
    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        foreach (MissedWrite line in repaired)
        {
            byte[] key = JournalRow.Key(line.Drive, line.Key, line.Slot);
            byte[]? row = await scope.GetIntactAsync(IndexFamily.Journal, key);
            if (row is not null && JournalRow.DecodeBallot(key, row) > line.Ballot)
            {
                continue;
            }

            scope.Delete(IndexFamily.Journal, key);
            if (line.Drive == scope.Standing.Id && line.Slot.IsNull)
            {
                await EndDamageAsync(scope, line.Key);
            }
        }
    }

    private static async ValueTask EndDamageAsync(BatchScope scope, RegisterKey key)
    {
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, key);
        if (register.IsDamaged)
        {
            register.IsDamaged = false;
            await register.SaveAsync();
        }
    }
}

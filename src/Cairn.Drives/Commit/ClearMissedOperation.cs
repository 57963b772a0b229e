using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;

namespace Cairn.Drives.Commit;

/// <summary>Strikes lines from the journal, unless a newer write was missed since.</summary>
internal sealed class ClearMissedOperation(IReadOnlyList<MissedWrite> repaired) : FaultOperation
{
    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        foreach (MissedWrite line in repaired)
        {
            byte[] key = JournalRow.Key(line.Drive, line.Key, line.Slot);
            if (await scope.GetAsync(IndexFamily.Journal, key) is { } row
                && JournalRow.DecodeBallot(key, row) <= line.Ballot)
            {
                scope.Delete(IndexFamily.Journal, key);
            }
        }
    }
}

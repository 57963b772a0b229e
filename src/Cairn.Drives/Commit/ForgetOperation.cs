using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Drops a committed tombstone that every drive of the register holds.</summary>
internal sealed class ForgetOperation(RegisterKey key, VersionId slot, Ballot ballot) : FaultOperation
{
    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, key);
        await register.PullSlotAsync(slot);
        StoredEntry? tombstone = register.Entries.FirstOrDefault(entry =>
            entry.Slot == slot && entry.Ballot == ballot && entry.IsCommitted && entry.Value.IsRemoved);
        if (tombstone is null)
        {
            return;
        }

        await register.RemoveAsync(tombstone);
        scope.Standing.RaiseForgotten(tombstone.AloneSince ?? ballot);
        if (register.IsBare && !register.IsDamaged)
        {
            register.Forget();
            return;
        }

        await register.SaveAsync();
    }
}

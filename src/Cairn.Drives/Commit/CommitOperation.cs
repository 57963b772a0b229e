using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Marks a value committed, drops what it supersedes, and journals who missed it.</summary>
internal sealed class CommitOperation(CommitRequest request) : FaultOperation
{
    public override RegisterKey? Register => request.Key;

    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        await JournalAsync(scope);
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, request.Key);
        StoredEntry? entry = register.Entries.FirstOrDefault(
            held => held.Slot == request.Slot && held.Ballot == request.Ballot);

        // Absent: another drive's journal has it, or a newer value of the slot has taken its place. What is held stays.
        if (entry is null)
        {
            return;
        }

        StoredEntry[] superseded = [.. register.Entries.Where(
            held => held.Slot == request.Slot && held.Ballot < request.Ballot)];
        if (entry.IsCommitted && superseded.Length == 0)
        {
            return;
        }

        register.Replace(entry, entry with { IsCommitted = true });
        foreach (StoredEntry lower in superseded)
        {
            await register.RemoveAsync(lower);
        }

        await register.SaveAsync();
    }

    private async ValueTask JournalAsync(BatchScope scope)
    {
        foreach (DriveId drive in request.Missed)
        {
            byte[] key = JournalRow.Key(drive, request.Key, request.Slot);

            // An unreadable line is replaced: a repair looks at the register itself, the ballot only ends it.
            byte[]? row = await scope.GetIntactAsync(IndexFamily.Journal, key);
            if (row is null || JournalRow.DecodeBallot(key, row) < request.Ballot)
            {
                scope.Put(IndexFamily.Journal, key, JournalRow.Encode(key, request.Ballot));
            }
        }
    }
}

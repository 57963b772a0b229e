using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Phase 1 of the commit protocol: promises to take nothing below a ballot, and shows what is held.</summary>
internal sealed class PrepareOperation(RegisterKey key, Ballot ballot, VersionId? slot) : ReplyOperation<PrepareReply>
{
    public override RegisterKey? Register => key;

    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        DriveStanding standing = scope.Standing;
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, key);
        Ballot highest = register.IsNew ? standing.Floor : register.Promised;
        if (ballot <= highest)
        {
            Decide(new PrepareReply(false, highest, null));
            return;
        }

        if (slot is { } asked)
        {
            await register.PullSlotAsync(asked);
        }

        List<RegisterEntry> entries = [.. register.Entries
            .Order(Comparer<StoredEntry>.Create(StoredEntry.CompareNewestFirst))
            .Select(entry => entry.ToRegisterEntry())];
        Ballot floor = register.IsBare && standing.Forgotten < highest ? standing.Forgotten : highest;
        register.Promised = ballot;
        standing.RaiseHighest(ballot);
        await register.SaveAsync();
        RegisterView view = new(standing.IsVoting && !register.IsDamaged, ballot, entries) { Floor = floor };
        Decide(new PrepareReply(true, ballot, view));
    }
}

using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Phase 2 of the commit protocol: holds a value as pending.</summary>
/// <remarks>
/// Concurrency: the constructor runs on the caller and does the encoding, so that callers' processors share that work
/// and the caller's buffers are not needed once the operation is queued.
/// </remarks>
internal sealed class AcceptOperation : ReplyOperation<AcceptReply>
{
    private readonly RegisterKey _key;
    private readonly EntryValue _value;
    private readonly Ballot _ballot;
    private readonly bool _excludesYounger;
    private readonly Ballot? _aloneSince;
    private readonly byte[]? _inlineKey;
    private readonly byte[]? _inlineRow;

    public AcceptOperation(AcceptRequest request)
    {
        _key = request.Key;
        _value = EntryValue.Of(request.Entry);
        _ballot = request.Entry.Ballot;
        _excludesYounger = request.Entry.ExcludesYounger;
        _aloneSince = request.Entry.AloneSince;
        if (request.HasInline)
        {
            _inlineKey = ShardRow.Key(request.Entry.Data[0]);
            ShardRow row = new() { Referrers = [Referrer], IsInline = true, Inline = request.Inline };
            _inlineRow = row.Encode(_inlineKey);
        }
    }

    public override int SizeBytes => 256 + _value.Encoded.Length + (_inlineRow?.Length ?? 0);

    public override bool NeedsRoom => _inlineRow is not null;

    public override RegisterKey? Register => _key;

    public override byte[]? ShardKey => _inlineKey;

    private ShardReferrer Referrer => new(_key, _value.Slot);

    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        DriveStanding standing = scope.Standing;
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, _key);
        if (standing.IsBucketClosed(_key.Bucket) && !_value.IsRemoved)
        {
            Ballot highest = register.IsNew ? standing.Floor : register.Promised;
            Decide(new AcceptReply(false, standing.IsVoting, highest, IsBucketClosed: true));
            return;
        }

        if (register.IsNew && _ballot <= standing.Floor)
        {
            Decide(new AcceptReply(false, standing.IsVoting, standing.Floor));
            return;
        }

        await register.PullSlotAsync(_value.Slot);
        bool isVoting = standing.IsVoting && !register.IsDamaged;
        if (_ballot < register.Promised || IsTaken(register))
        {
            Decide(new AcceptReply(false, isVoting, register.Promised));
            return;
        }

        if (!await HoldAsync(scope, register))
        {
            scope.Rollback();
            Refuse(DriveFault.NotFound);
            return;
        }

        register.Promised = _ballot;
        standing.RaiseHighest(_ballot);
        await register.SaveAsync();
        Decide(new AcceptReply(true, isVoting, _ballot));
    }

    // A ballot belongs to one value of one version; a second value under it can only come from a defect.
    private bool IsTaken(RegisterEdit register)
    {
        foreach (StoredEntry entry in register.Entries)
        {
            if (entry.Ballot == _ballot && !entry.Value.IsSameAs(_value))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> HoldAsync(BatchScope scope, RegisterEdit register)
    {
        // A repetition, or a pending value whose ballot is raised. A committed one stays under its ballot, beside: the
        // same bytes may be a new write (tags changed, and changed back) that nobody has chosen yet.
        StoredEntry? same = register.Entries.FirstOrDefault(
            entry => entry.Value.IsSameAs(_value) && (!entry.IsCommitted || entry.Ballot == _ballot));
        bool hasInline = false;
        for (int i = 0; i < _value.Data.Count; i++)
        {
            ShardKind kind = await ReferAsync(scope, register, i);
            if (kind == ShardKind.None)
            {
                return false;
            }

            hasInline |= i == 0 && kind == ShardKind.Inline;
        }

        StoredEntry held = new(_ballot, same?.IsCommitted ?? false, hasInline, _value)
        {
            ExcludesYounger = _excludesYounger,
            AloneSince = _aloneSince,
        };
        if (same is not null)
        {
            register.Replace(same, held);
        }
        else
        {
            register.Add(held);
        }

        return true;
    }

    private async ValueTask<ShardKind> ReferAsync(BatchScope scope, RegisterEdit register, int position)
    {
        DataId data = _value.Data[position];
        bool isOffered = position == 0 && _inlineRow is not null;
        byte[] key = isOffered ? _inlineKey! : ShardRow.Key(data);

        // A corrupt row is as good as none: the offered bytes, or a file that was written again, take its place.
        byte[]? row = await scope.GetIntactAsync(IndexFamily.Shards, key);
        if (row is null)
        {
            return PutRow(scope, key, data, isOffered);
        }

        ShardRow shard = ShardRow.Decode(key, row);
        if (!shard.IsReferredBy(Referrer))
        {
            scope.Put(IndexFamily.Shards, key, shard.With(Referrer).Encode(key));
        }

        return shard.IsInline ? ShardKind.Inline : ShardKind.File;
    }

    private ShardKind PutRow(BatchScope scope, byte[] key, DataId data, bool isOffered)
    {
        if (isOffered)
        {
            scope.Put(IndexFamily.Shards, key, _inlineRow!);
            return ShardKind.Inline;
        }

        if (!scope.Files.TryGetSealed(data, out long length))
        {
            return ShardKind.None;
        }

        ShardRow shard = new() { Referrers = [Referrer], FileLength = length };
        scope.Put(IndexFamily.Shards, key, shard.Encode(key));
        scope.NameFile(data);
        return ShardKind.File;
    }
}

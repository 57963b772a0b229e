using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Puts a repaired inline shard in the place of a lost or corrupt one.</summary>
internal sealed class RestoreInlineOperation(RegisterKey key, DataId data, byte[] shard) : FaultOperation
{
    private DriveFault _outcome;

    public override int SizeBytes => 256 + shard.Length;

    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        byte[] rowKey = ShardRow.Key(data);
        List<ShardReferrer> referrers = await FindReferrersAsync(scope);
        if (referrers.Count == 0)
        {
            _outcome = DriveFault.NotFound;
            return;
        }

        ShardRow row = new() { Referrers = referrers, IsInline = true, Inline = shard };
        scope.Put(IndexFamily.Shards, rowKey, row.Encode(rowKey));
    }

    public override void Complete() => Fail(_outcome);

    // The row that is to be replaced may be unreadable, so who refers to the data is told by the entries.
    private async ValueTask<List<ShardReferrer>> FindReferrersAsync(BatchScope scope)
    {
        List<ShardReferrer> referrers = [];
        RegisterEdit register = await RegisterEdit.OpenAsync(scope, key);
        AddReferrers(referrers, register.Entries);
        if (referrers.Count == 0)
        {
            List<(byte[] Key, byte[] Row)> rows = await scope.ListVersionsAsync(key, int.MaxValue);
            AddReferrers(referrers, rows.Select(row => VersionRow.Decode(row.Key, row.Row)));
        }

        return referrers;
    }

    private void AddReferrers(List<ShardReferrer> referrers, IEnumerable<StoredEntry> entries)
    {
        foreach (StoredEntry entry in entries)
        {
            ShardReferrer referrer = new(key, entry.Slot);
            if (entry.Value.Data.Contains(data) && !referrers.Contains(referrer))
            {
                referrers.Add(referrer);
            }
        }
    }
}

using Cairn.Drives.Index;
using Cairn.Drives.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Removes the row of a shard that was found bad, and lets no accept name a sealed one any more.</summary>
/// <remarks>Its file is removed by the caller, who sees to it that nobody makes another one meanwhile.</remarks>
/// <param name="data">The shard.</param>
/// <param name="isFileBad">The file of a shard that entries name was looked at and is lost.</param>
internal sealed class DropShardOperation(DataId data, bool isFileBad) : FaultOperation
{
    /// <summary>Nothing names the shard any more. Known once the operation has been answered.</summary>
    public bool IsDropped { get; private set; }

    public override async ValueTask EvaluateAsync(BatchScope scope)
    {
        byte[] key = ShardRow.Key(data);

        // A sealed one may have been named, and an inline one restored, since it was looked at.
        byte[]? row = await scope.GetIntactAsync(IndexFamily.Shards, key);
        if (row is not null && (!isFileBad || ShardRow.Decode(key, row).IsInline))
        {
            return;
        }

        IsDropped = true;
        scope.Delete(IndexFamily.Shards, key);
        scope.Files.Revoke(data);
    }
}

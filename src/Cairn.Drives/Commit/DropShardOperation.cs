using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Removes a shard, whoever refers to it and whether its row can be read or not.</summary>
internal sealed class DropShardOperation(DataId data, ShardFiles files) : FaultOperation
{
    public override ValueTask EvaluateAsync(BatchScope scope)
    {
        scope.Delete(IndexFamily.Shards, ShardRow.Key(data));
        return ValueTask.CompletedTask;
    }

    // Answered only when the file is gone: the caller may write a repaired one under the same name next.
    public override void Complete() => _ = FinishAsync();

    private async Task FinishAsync()
    {
        try
        {
            await files.RemoveAsync(data);
            base.Complete();
        }
        catch (DriveIoException e)
        {
            Fail(e.Fault);
        }
    }
}

using Cairn.Drives.Commit;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Removes a shard that is of no use, and nothing that is.</summary>
/// <remarks>
/// Purpose: whoever asks may be late (another node has repaired the shard since), so the drive finds out itself.
/// Steps: (1) let nobody write a shard of that name; (2) a good one that entries name stays; (3) let its row go, and no
/// accept name it; (4) remove the file.
/// Failure: a crash between (3) and (4) leaves an orphan to the next sweep.
/// </remarks>
internal sealed class ShardDrop(
    IDriveIndex index, ShardFiles files, Func<DropShardOperation, ValueTask<DriveFault>> submit)
{
    /// <returns>Busy when the shard is being written; None when it is gone or good.</returns>
    /// <exception cref="DriveIoException">The device failed.</exception>
    public async ValueTask<DriveFault> RunAsync(DataId data)
    {
        // (1)
        using ShardRemoval? removal = files.TryBeginRemoval(data);
        if (removal is null)
        {
            return DriveFault.Busy;
        }

        // (2)
        (bool isNamed, DriveFault fault) = await LookAtAsync(data);
        if (isNamed && fault is not (DriveFault.NotFound or DriveFault.Corrupt))
        {
            return fault;
        }

        // (3)
        DropShardOperation drop = new(data, isFileBad: isNamed);
        fault = await submit(drop);

        // (4)
        if (fault == DriveFault.None && drop.IsDropped)
        {
            await files.DeleteAsync(data);
        }

        return fault;
    }

    /// <summary>Whether a row names the shard, and if so, what is wrong with it.</summary>
    private async ValueTask<(bool IsNamed, DriveFault Fault)> LookAtAsync(DataId data)
    {
        byte[] key = ShardRow.Key(data);
        try
        {
            if (await index.GetAsync(IndexFamily.Shards, key) is not { } row)
            {
                return (false, DriveFault.None);
            }

            ShardRow shard = ShardRow.Decode(key, row);
            return shard.IsInline
                ? (true, DriveFault.None)
                : (true, (await ShardCheck.ReadWholeAsync(files, data, shard.FileLength, CancellationToken.None)).Fault);
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return (true, DriveFault.Corrupt);
        }
    }
}

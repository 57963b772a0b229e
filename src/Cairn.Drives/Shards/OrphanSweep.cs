using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Removes shard files of earlier runs that no row of the index names.</summary>
/// <remarks>
/// Purpose: a crash between the seal of a shard and the accept that names it, or between the batch that drops a row
/// and the removal of its file, leaves a file behind. Only an unclean end can, so only then it runs, once.
/// Concurrency: beside everything else. A file of this run is needed until its row is durable, and after that while it
/// is held, so whoever is neither named by a row nor, after that was seen, needed is of an earlier run.
/// </remarks>
internal static class OrphanSweep
{
    /// <returns>How many files were removed.</returns>
    public static async Task<int> RunAsync(
        IDriveIndex index, IDriveFiles files, ShardFiles shards, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (string directory in await files.ListAsync(ShardFiles.Root, cancellationToken))
        {
            string path = ShardFiles.Root + "/" + directory;
            foreach (string name in await files.ListAsync(path, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ShardFiles.TryParseName(name, out DataId data)
                    && await shards.TryRemoveOrphanAsync(data, () => HasRowAsync(index, data)))
                {
                    removed++;
                }
            }

            // Also where nothing was removed now: the run before may have been killed between removal and sync, and
            // what it removed would come back with the next loss of power.
            await files.SyncDirectoryAsync(path, cancellationToken);
        }

        return removed;
    }

    // A row that cannot be read is a row all the same: its file is kept for the repair, and the sweep goes on.
    private static async ValueTask<bool> HasRowAsync(IDriveIndex index, DataId data)
    {
        try
        {
            return await index.GetAsync(IndexFamily.Shards, ShardRow.Key(data)) is not null;
        }
        catch (DriveIoException e) when (e.Fault == DriveFault.Corrupt)
        {
            return true;
        }
    }
}

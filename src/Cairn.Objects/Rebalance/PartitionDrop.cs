using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;

namespace Cairn.Objects.Rebalance;

/// <summary>Has drives drop what they hold of partitions that have moved away.</summary>
/// <remarks>Restart: begins again, and finds less.</remarks>
internal sealed class PartitionDrop(StoreEngine engine)
{
    private readonly RegisterWalk _walk = new(engine);

    /// <returns>What is gone for sure.</returns>
    public async ValueTask<IReadOnlyList<Leftover>> RunAsync(
        IReadOnlyList<Leftover> leftovers, CancellationToken cancellationToken)
    {
        List<Leftover> dropped = [];
        foreach (IGrouping<int, Leftover> ofDrive in leftovers.GroupBy(left => left.Drive))
        {
            HashSet<int> partitions = [.. ofDrive.Select(left => left.Partition)];
            if (await TryDropAsync(engine.Drives[ofDrive.Key], partitions, cancellationToken))
            {
                dropped.AddRange(ofDrive);
            }
        }

        return dropped;
    }

    private async ValueTask<bool> TryDropAsync(
        DriveHandle drive, HashSet<int> partitions, CancellationToken cancellationToken)
    {
        bool isWhole = drive.State is DriveState.Online or DriveState.Recovering;
        try
        {
            await foreach (WalkPage page in _walk.ReadAsync(drive, cancellationToken))
            {
                foreach (ListRow row in page.Rows)
                {
                    RegisterKey key = RegisterKey.Of(page.Space, page.Bucket, row.Name.Span);
                    isWhole &= !partitions.Contains(StoreLayout.PartitionOf(key))
                        || await drive.EvictAsync(key) == DriveFault.None;
                }
            }
        }
        catch (HealInterruptedException)
        {
            return false;
        }

        return isWhole;
    }
}

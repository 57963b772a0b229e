using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Fills a drive that took the place of another one.</summary>
/// <remarks>
/// Steps: (1) count what is to come; (2) walk what each other drive holds and heal every value of a partition that the
/// drive belongs to, unless it is there, and rest in between while clients are served. Every chosen value is on at least
/// one of the others, so that their union is complete, whatever single ones have missed.
/// Restart: nothing is remembered; what is there is passed over after one look.
/// </remarks>
internal sealed class DriveRebuild(StoreEngine engine, HealPace pace)
{
    // Enough to keep the source's and the target's devices busy together.
    private const int Concurrency = 8;

    private readonly RegisterWalk _walk = new(engine);

    /// <summary>One pass over all other drives.</summary>
    /// <returns>Whether everything that was seen is on the drive now.</returns>
    /// <exception cref="HealInterruptedException">Too few drives answer.</exception>
    public async ValueTask<bool> RunAsync(
        DriveHandle target, HealProgress progress, CancellationToken cancellationToken)
    {
        List<DriveHandle> sources =
            [.. engine.Drives.Where(drive => drive != target && drive.State == DriveState.Online)];
        if (sources.Count == 0)
        {
            return false;
        }

        // (1)
        long registers = 0;
        await foreach (WalkPage page in _walk.ReadAsync(sources[0], cancellationToken))
        {
            registers += page.Rows.Count;
        }

        progress.Expect(registers * sources.Count);

        // (2)
        foreach (DriveHandle source in sources)
        {
            await foreach (WalkPage page in _walk.ReadAsync(source, cancellationToken))
            {
                await HealAsync(page, target, progress, cancellationToken);
            }
        }

        return progress.Failed == 0;
    }

    private async ValueTask HealAsync(
        WalkPage page, DriveHandle target, HealProgress progress, CancellationToken cancellationToken)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => WorkAsync()));

        async Task WorkAsync()
        {
            BackgroundPace rests = new(engine, pace.BusyShare);
            RegisterHealer healer = new(engine, rests);
            for (int row = Take(); row < page.Rows.Count; row = Take())
            {
                await HealAsync(healer, page, page.Rows[row], target, progress, cancellationToken);
                await rests.RestAsync(cancellationToken);
            }
        }

        int Take() => Interlocked.Increment(ref next);
    }

    private async ValueTask HealAsync(
        RegisterHealer healer,
        WalkPage page,
        ListRow row,
        DriveHandle target,
        HealProgress progress,
        CancellationToken cancellationToken)
    {
        RegisterKey key = RegisterKey.Of(page.Space, page.Bucket, row.Name.Span);
        Partition partition = engine.PartitionOf(key);
        int position = partition.PositionOf(target);
        progress.See();
        if (position < 0)
        {
            return;
        }

        DriveReplica replica = partition.MemberAt(position, target);

        HashSet<VersionId> seen = [];
        foreach (RegisterEntry entry in row.Entries)
        {
            bool isThere = entry.IsCommitted
                && await RegisterHealer.HoldsAsync(replica, key, entry.Slot, entry.Ballot);
            if (seen.Add(entry.Slot) && !isThere)
            {
                progress.Count(await healer.HealSlotAsync(key, entry.Slot, target, cancellationToken));
            }
        }
    }
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Healing;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Rebalance;

/// <summary>Brings drives to which positions are on their way everything that these should hold.</summary>
/// <remarks>
/// Steps: (1) walk what each drive of the partitions holds, and heal every value, unless it is there; (2) the buckets that
/// are closed on the drive that leaves are closed there too; (3) a position is filled when nothing of its partition failed,
/// and the drive that leaves it was walked, or a read quorum of the others: then no value that counts can have been
/// overlooked.
/// To be run when older epochs are shut out, or what they still write would be missed.
/// Restart: nothing is remembered; what is there is passed over after one look.
/// </remarks>
internal sealed class PartitionFill(StoreEngine engine, MovePace pace, MoveProgress progress)
{
    private readonly RegisterHealer _healer = new(engine);
    private readonly RegisterWalk _walk = new(engine);

    /// <param name="joint">Partitions with a position on its way.</param>
    /// <param name="cancellationToken">Nothing is filled for sure.</param>
    /// <returns>Those whose position is filled.</returns>
    public async ValueTask<IReadOnlyList<Partition>> RunAsync(
        IReadOnlyList<Partition> joint, CancellationToken cancellationToken)
    {
        HashSet<int> failed = [];
        HashSet<DriveHandle> walked = [];
        Dictionary<int, Partition> wanted = joint.ToDictionary(partition => partition.Index);
        HashSet<DriveHandle> sources = [.. joint.SelectMany(partition => partition.Drives)
            .Select(replica => replica.Members[0].Drive)
            .Where(drive => drive.State == DriveState.Online)];
        foreach (DriveHandle source in sources.OrderBy(drive => drive.Index))
        {
            try
            {
                await foreach (WalkPage page in _walk.ReadAsync(source, cancellationToken)) // (1)
                {
                    await FillAsync(page, wanted, failed, cancellationToken);
                }

                walked.Add(source);
            }
            catch (HealInterruptedException)
            {
                // The drive went away in the middle; the others may suffice.
                continue;
            }
        }

        await CloseBucketsAsync(joint, failed); // (2)
        return [.. joint.Where(partition => !failed.Contains(partition.Index) && IsSeen(partition, walked))]; // (3)
    }

    /// <summary>The drive to which a position of the partition is on its way.</summary>
    public static DriveHandle ArrivingOf(Partition partition) =>
        partition.Drives.First(replica => replica.IsJoint).Members[1].Drive;

    private static DriveHandle LeavingOf(Partition partition) =>
        partition.Drives.First(replica => replica.IsJoint).Members[0].Drive;

    private static bool IsSeen(Partition partition, HashSet<DriveHandle> walked) =>
        walked.Contains(LeavingOf(partition))
            || partition.Drives.Count(replica => !replica.IsJoint && walked.Contains(replica.Members[0].Drive))
                >= partition.ReadQuorum;

    // A bucket was closed on a write quorum of each partition, perhaps with a drive that now leaves, and stays closed for
    // ever once it is removed.
    private static async ValueTask CloseBucketsAsync(IReadOnlyList<Partition> joint, HashSet<int> failed)
    {
        foreach (IGrouping<(DriveHandle Leaving, DriveHandle Arriving), Partition> move in joint.GroupBy(
            partition => (LeavingOf(partition), ArrivingOf(partition))))
        {
            DriveHandle[] sources = move.Key.Leaving.State == DriveState.Online
                ? [move.Key.Leaving]
                : [.. move.First().Drives.Where(replica => !replica.IsJoint).Select(replica => replica.Members[0].Drive)];
            // Drives carry out the last order of all, whatever the order in which they come.
            HashSet<BucketGate> gates = [];
            foreach (DriveHandle source in sources)
            {
                DriveResult<IReadOnlyList<BucketGate>> told = await source.ListBucketGatesAsync();
                gates.UnionWith(told.IsOk ? told.Value : []);
            }

            foreach (BucketGate gate in gates)
            {
                if (await move.Key.Arriving.SetBucketGateAsync(gate) is not (DriveFault.None or DriveFault.Superseded))
                {
                    failed.UnionWith(move.Select(partition => partition.Index));
                }
            }
        }
    }

    private async ValueTask FillAsync(
        WalkPage page, Dictionary<int, Partition> wanted, HashSet<int> failed, CancellationToken cancellationToken)
    {
        List<(RegisterKey Key, ListRow Row, Partition Partition)> rows = [];
        foreach (ListRow row in page.Rows)
        {
            RegisterKey key = RegisterKey.Of(page.Space, page.Bucket, row.Name.Span);
            if (wanted.TryGetValue(Layout.StoreLayout.PartitionOf(key), out Partition? partition))
            {
                rows.Add((key, row, partition));
            }
        }

        foreach ((RegisterKey Key, ListRow Row, Partition Partition)[] group in rows.Chunk(pace.Concurrency))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long started = engine.Environment.Time.GetTimestamp();
            Task<bool>[] running = [.. group.Select(row => FillAsync(row.Key, row.Row, row.Partition, cancellationToken))];
            for (int index = 0; index < running.Length; index++)
            {
                if (!await running[index])
                {
                    failed.Add(group[index].Partition.Index);
                }
            }

            TimeSpan spent = engine.Environment.Time.GetElapsedTime(started);
            await Task.Delay(spent * ((1 - pace.Share) / pace.Share), engine.Environment.Time, cancellationToken);
        }
    }

    private async Task<bool> FillAsync(
        RegisterKey key, ListRow row, Partition partition, CancellationToken cancellationToken)
    {
        DriveHandle target = ArrivingOf(partition);
        DriveReplica replica = partition.MemberAt(partition.PositionOf(target), target);
        HashSet<VersionId> seen = [];
        bool isWhole = true;
        foreach (RegisterEntry entry in row.Entries)
        {
            bool isThere = entry.IsCommitted
                && await RegisterHealer.HoldsAsync(replica, key, entry.Slot, entry.Ballot);
            if (seen.Add(entry.Slot) && !isThere)
            {
                HealOutcome outcome = await _healer.HealSlotAsync(key, entry.Slot, target, cancellationToken);
                progress.Count(outcome);
                isWhole &= outcome.IsWhole;
            }
        }

        return isWhole;
    }
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Goes through all registers of the store and finds those that are not the same, committed, on all drives.</summary>
/// <remarks>
/// Purpose: the census behind a rebuild and after an unclean start. It reads indexes only, page by page, and compares;
/// what differs is repaired by RegisterRepairer. A drive that does not answer counts as one that has nothing.
/// Failure: nothing is remembered; a walk that is started over passes quickly over what is whole by then.
/// </remarks>
internal sealed class RegisterWalk(StoreEngine engine)
{
    private const int PageSize = 500;

    private static readonly RegisterSpace[] InBuckets = [RegisterSpace.Objects, RegisterSpace.Uploads, RegisterSpace.Parts];

    /// <summary>Visits every register.</summary>
    /// <param name="visit">Called with each register, and whether it is whole on all drives that were to have it.</param>
    /// <param name="cancellationToken">Ends between two registers.</param>
    /// <returns>False when too few drives answered to see every register.</returns>
    public async ValueTask<bool> RunAsync(
        Func<RegisterKey, bool, ValueTask> visit, CancellationToken cancellationToken)
    {
        if (!await WalkAsync(RegisterSpace.Buckets, default, visit, cancellationToken)
            || await ListBucketsAsync(cancellationToken) is not { } buckets)
        {
            return false;
        }

        foreach (BucketId bucket in buckets)
        {
            foreach (RegisterSpace space in InBuckets)
            {
                if (!await WalkAsync(space, bucket, visit, cancellationToken))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private async ValueTask<List<BucketId>?> ListBucketsAsync(CancellationToken cancellationToken)
    {
        List<BucketId> buckets = [];
        ListRequest request = new() { Space = RegisterSpace.Buckets, Bucket = default, Limit = PageSize };
        while (true)
        {
            ObjectResult<RegisterPage> page = await engine.Quorum.ListAsync(request, cancellationToken);
            if (!page.IsOk)
            {
                return null;
            }

            foreach (RegisterRow row in page.Value.Rows)
            {
                buckets.Add(engine.Records.GetBucket(row.Values[0].Body));
                request = request with { From = NameBehind(row.Name) };
            }

            if (page.Value.IsEnd)
            {
                return buckets;
            }
        }
    }

    private async ValueTask<bool> WalkAsync(
        RegisterSpace space, BucketId bucket, Func<RegisterKey, bool, ValueTask> visit, CancellationToken cancellationToken)
    {
        ListRequest template = new() { Space = space, Bucket = bucket, AllVersions = true, Limit = PageSize };
        List<ListCursor> cursors = [.. engine.Drives
            .Where(drive => drive.State != DriveState.Offline)
            .Select(drive => new ListCursor(drive, template) { TakesNonvoting = true })];
        ReadOnlyMemory<byte> position = default;
        while (true)
        {
            await FillAsync(cursors, position, cancellationToken);
            if (!AreEnough(cursors))
            {
                return false;
            }

            List<ListCursor> matching = Match(cursors);
            if (matching.Count == 0)
            {
                return true;
            }

            ReadOnlyMemory<byte> name = matching[0].Current!.Name;
            RegisterKey key = RegisterKey.Of(space, bucket, name.Span);
            bool isWhole = IsWhole(matching, engine.PartitionOf(key).Width);
            bool isCut = matching.Exists(cursor => cursor.Current!.IsCut);
            await visit(key, isWhole && !isCut);
            position = NameBehind(name);
            foreach (ListCursor cursor in matching)
            {
                cursor.MoveNext();
            }
        }
    }

    private async ValueTask FillAsync(
        List<ListCursor> cursors, ReadOnlyMemory<byte> position, CancellationToken cancellationToken)
    {
        foreach (ListCursor cursor in cursors)
        {
            if (cursor.NeedsFetch)
            {
                cursor.Begin(position, null);
            }
        }

        for (int index = cursors.Count - 1; index >= 0; index--)
        {
            if (cursors[index].NeedsFetch
                && !await cursors[index].EndAsync(engine.Options.DriveDeadline, engine.Environment.Time, cancellationToken))
            {
                cursors.RemoveAt(index);
            }
        }
    }

    // Every partition heard by R voting drives: no chosen value is overlooked.
    private bool AreEnough(List<ListCursor> cursors)
    {
        int voting = cursors.Count(cursor => cursor.IsVoting);
        if (voting > engine.Drives.Count - engine.Layout.WriteQuorum)
        {
            return true;
        }

        HashSet<DriveHandle> heard = [.. cursors.Where(cursor => cursor.IsVoting).Select(cursor => cursor.Drive)];
        return engine.Partitions.All(partition => partition.Drives.Count(heard.Contains) >= partition.ReadQuorum);
    }

    private static List<ListCursor> Match(List<ListCursor> cursors)
    {
        List<ListCursor> matching = [];
        foreach (ListCursor cursor in cursors)
        {
            if (cursor.Current is not { } row)
            {
                continue;
            }

            int order = matching.Count == 0 ? -1 : row.Name.Span.SequenceCompareTo(matching[0].Current!.Name.Span);
            if (order < 0)
            {
                matching.Clear();
            }

            if (order <= 0)
            {
                matching.Add(cursor);
            }
        }

        return matching;
    }

    private static bool IsWhole(List<ListCursor> matching, int width)
    {
        IReadOnlyList<RegisterEntry> first = matching[0].Current!.Entries;
        return matching.Count == width
            && matching.TrueForAll(cursor =>
                cursor.Current!.Entries.Count == first.Count
                && cursor.Current.Entries.Zip(first).All(pair =>
                    pair.First is { IsCommitted: true, IsRemoved: false }
                    && pair.First.Slot == pair.Second.Slot
                    && pair.First.Ballot == pair.Second.Ballot));
    }

    private static byte[] NameBehind(ReadOnlyMemory<byte> name)
    {
        byte[] behind = new byte[name.Length + 1];
        name.CopyTo(behind);
        return behind;
    }
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Buckets;

/// <summary>Finds out whether a closed bucket is empty, and will stay so.</summary>
/// <remarks>
/// A listing tells what is not there now; a write that some drives have accepted and others have not yet been asked
/// for may still come to its quorum. So this look counts only drives that this deletion has closed and that still are,
/// and prepares every register of which one of them holds a live entry: under the promise the entry either counts, or never will.
/// Why nothing is missed: a value that is acknowledged at any time was accepted by a write quorum Q. The drives H that
/// were heard here are a read quorum of its partition, so one drive is in both; it accepted before it was closed, so
/// before it answered, and has shown the entry.
/// </remarks>
internal sealed class VacancyCheck(StoreEngine engine)
{
    /// <param name="bucket">The bucket.</param>
    /// <param name="closed">The drives, by their index, that this deletion has closed.</param>
    /// <param name="cancellationToken">Nothing was found out.</param>
    /// <returns>None: empty for good; BucketNotEmpty; or ReadQuorumLost.</returns>
    public async ValueTask<ObjectError> RunAsync(BucketId bucket, bool[] closed, CancellationToken cancellationToken)
    {
        using StorePlacement.Use use = engine.Enter();
        StorePlacement placement = use.Placement;
        byte[]? from = [];
        while (from is not null)
        {
            ListRequest request = new()
            {
                Space = RegisterSpace.Objects,
                Bucket = bucket,
                From = from,
                AllVersions = true,
                OnlyIfClosed = true,
                Limit = ListLimits.WalkEntries,
            };
            ListReply?[] replies = await AskAsync(placement, request, closed);
            if (!placement.Partitions.All(partition => HasQuorum(partition, replies)))
            {
                return ObjectError.ReadQuorumLost;
            }

            from = NextName(replies, from);
            foreach (RegisterKey register in FindLive(request, replies, from))
            {
                PreparedRegister prepared = await engine.Quorum.Settler.PrepareAsync(
                    register, slot: null, cancellationToken);
                if (prepared.Error != ObjectError.None)
                {
                    return ObjectError.ReadQuorumLost;
                }

                if (prepared.Judgement.Current is not null)
                {
                    return ObjectError.BucketNotEmpty;
                }
            }
        }

        return ObjectError.None;
    }

    private static bool HasQuorum(Partition partition, ListReply?[] replies)
    {
        int heard = 0;
        foreach (Replica replica in partition.Drives)
        {
            heard += replica.Members.All(member => replies[member.Drive.Index] is { IsVoting: true }) ? 1 : 0;
        }

        return heard >= partition.ReadQuorum;
    }

    /// <summary>The first name that not all drives have told about; null at the end.</summary>
    private static byte[]? NextName(ListReply?[] replies, byte[] from)
    {
        byte[]? next = null;
        foreach (ListReply? reply in replies)
        {
            if (reply is null or { IsEnd: true })
            {
                continue;
            }

            // A register whose versions were cut is known to be there, and has been found live or will be prepared.
            byte[] behind = reply.Rows.Count == 0 ? from : RegisterNames.After(reply.Rows[^1].Name.Span);
            next = next is null || behind.AsSpan().SequenceCompareTo(next) < 0 ? behind : next;
        }

        return next;
    }

    private static SortedSet<RegisterKey> FindLive(ListRequest request, ListReply?[] replies, byte[]? before)
    {
        SortedSet<RegisterKey> live = [];
        foreach (ListReply? reply in replies)
        {
            foreach (ListRow row in reply?.Rows ?? [])
            {
                bool isHere = before is null || row.Name.Span.SequenceCompareTo(before) < 0;
                if (isHere && (row.IsCut || row.Entries.Any(entry => !entry.IsRemoved)))
                {
                    live.Add(RegisterKey.Of(request.Space, request.Bucket, row.Name.Span));
                }
            }
        }

        return live;
    }

    private static async Task<ListReply?[]> AskAsync(StorePlacement placement, ListRequest request, bool[] closed)
    {
        DriveResult<ListReply>[] replies = await Task.WhenAll(
            placement.Drives.Select(drive => drive.ListAsync(request, placement.Layout.CallEpoch).AsTask()));
        return
        [
            .. replies.Select((reply, drive) =>
                reply.IsOk && drive < closed.Length && closed[drive] ? reply.Value : null),
        ];
    }
}

using System.Runtime.CompilerServices;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Quorum;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Healing;

/// <summary>Goes over everything that one drive holds, space by space and bucket by bucket, a page at a time.</summary>
/// <remarks>
/// The buckets come from the quorum, since no single drive need know them all. What is written behind the walk's back
/// reaches its drives by itself, or is in their journals.
/// </remarks>
internal sealed class RegisterWalk(StoreEngine engine)
{
    private const int PageSize = 1000;

    /// <summary>Pages of rows with all their entries, tombstones included.</summary>
    /// <exception cref="HealInterruptedException">The drive, or the quorum for the buckets, does not answer.</exception>
    public async IAsyncEnumerable<WalkPage> ReadAsync(
        DriveHandle source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (WalkPage page in ReadAsync(source, RegisterSpace.Buckets, default, cancellationToken))
        {
            yield return page;
        }

        foreach (BucketId bucket in await ListBucketsAsync(cancellationToken))
        {
            foreach (RegisterSpace space in (RegisterSpace[])
                [RegisterSpace.Objects, RegisterSpace.Uploads, RegisterSpace.Parts])
            {
                await foreach (WalkPage page in ReadAsync(source, space, bucket, cancellationToken))
                {
                    yield return page;
                }
            }
        }
    }

    private async IAsyncEnumerable<WalkPage> ReadAsync(
        DriveHandle source,
        RegisterSpace space,
        BucketId bucket,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> from = default;
        Ballot? olderThan = null;
        bool isEnd = false;
        while (!isEnd)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DriveResult<ListReply> reply = await source.ListAsync(new ListRequest
            {
                Space = space,
                Bucket = bucket,
                From = from,
                AllVersions = true,
                OlderThan = olderThan,
                Limit = PageSize,
            }, engine.EveryEpoch);
            if (!reply.IsOk)
            {
                throw new HealInterruptedException($"Drive {source.Id} does not list: {reply.Fault}.");
            }

            IReadOnlyList<ListRow> rows = reply.Value.Rows;
            isEnd = reply.Value.IsEnd || rows.Count == 0;
            if (rows.Count > 0)
            {
                yield return new WalkPage(space, bucket, rows);
                ListRow last = rows[^1];
                from = last.IsCut ? last.Name : After(last.Name);
                olderThan = last.IsCut && last.Entries.Count > 0 ? last.Entries[^1].Birth : null;
            }
        }
    }

    private async ValueTask<IReadOnlyList<BucketId>> ListBucketsAsync(CancellationToken cancellationToken)
    {
        List<BucketId> buckets = [];
        ReadOnlyMemory<byte> from = default;
        bool isEnd = false;
        while (!isEnd)
        {
            ObjectResult<RegisterPage> page = await engine.Quorum.ListAsync(
                new ListRequest { Space = RegisterSpace.Buckets, Bucket = default, From = from, Limit = PageSize },
                cancellationToken);
            if (!page.IsOk)
            {
                throw new HealInterruptedException($"The buckets cannot be listed: {page.Error}.");
            }

            foreach (RegisterRow row in page.Value.Rows)
            {
                buckets.Add(BucketRecordCodec.Decode(row.Values[0].Body.Span).Id);
                from = After(row.Name);
            }

            isEnd = page.Value.IsEnd || page.Value.Rows.Count == 0;
        }

        return buckets;
    }

    private static byte[] After(ReadOnlyMemory<byte> name)
    {
        byte[] after = new byte[name.Length + 1];
        name.CopyTo(after);
        return after;
    }
}

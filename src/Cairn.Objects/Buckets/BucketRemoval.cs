using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;
using Cairn.Objects.Records;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Objects.Buckets;

/// <summary>Deletes empty buckets so that no acknowledged object can be lost with them.</summary>
/// <remarks>
/// Protocol: (1) look whether the bucket is empty, because mostly it is not and then nothing needs to change;
/// (2) Live -> Deleting in its record; (3) close it on the write quorum of every partition's drives; (4) look again,
/// in a way that lasts (VacancyCheck); (5) drop unfinished uploads; (6) remove the record. When (4) finds
/// something: open the drives again and Deleting -> Live.
/// Why nothing is lost: what was acknowledged, or still can be, is seen in (4), see there; and behind (4) nothing can be
/// accepted by a write quorum any more. The bucket's id is not used again, so what lies around under it cannot show in a
/// later bucket.
/// Failure: a crash behind (2) leaves a record in Deleting. Reads go on as if nothing had happened; the next delete,
/// creation, refused write or start of the store takes the deletion up at (3), which ends it in one way or the other.
/// Concurrency: one deletion at a time in this process, so that an opening of drives cannot meet a later closing.
/// </remarks>
internal sealed class BucketRemoval(
    RegisterQuorum registers, BucketCatalog catalog, VacancyCheck vacancy, UploadRemover uploads)
{
    private readonly AsyncLock _oneAtATime = new();

    public async ValueTask<ObjectError> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder holder = await _oneAtATime.AcquireAsync(cancellationToken);
        ObjectResult<BucketRecord> read = await catalog.ReadRecordAsync(name, cancellationToken);
        if (!read.IsOk)
        {
            catalog.Forget(name);
            return read.Error;
        }

        BucketId id = read.Value.Id;
        if (read.Value.State == BucketState.Live)
        {
            ObjectError first = await LookAsync(id, cancellationToken); // (1)
            if (first != ObjectError.None)
            {
                return first;
            }

            ObjectError begun = await catalog.MoveAsync( // (2)
                name, id, BucketState.Live, BucketState.Deleting, cancellationToken);
            if (begun != ObjectError.None)
            {
                return begun;
            }
        }

        return await FinishAsync(name, id);
    }

    /// <summary>Ends a deletion that was begun and left; waits for one that is going on.</summary>
    public async ValueTask SettleAsync(string name, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder holder = await _oneAtATime.AcquireAsync(cancellationToken);
        ObjectResult<BucketRecord> read = await catalog.ReadRecordAsync(name, cancellationToken);
        if (read.IsOk && read.Value.State == BucketState.Deleting)
        {
            await FinishAsync(name, read.Value.Id);
        }
    }

    /// <summary>Ends every deletion that a crash has left.</summary>
    public async ValueTask SettleAllAsync(CancellationToken cancellationToken)
    {
        string? after = "";
        while (after is not null)
        {
            ObjectResult<BucketPage> page = await catalog.ListAsync(
                "", after, ListLimits.WalkEntries, cancellationToken);
            if (!page.IsOk)
            {
                return;
            }

            foreach (BucketDescription bucket in page.Value.Buckets)
            {
                await SettleAsync(bucket.Name, cancellationToken);
            }

            after = page.Value.Next;
        }
    }

    // Not cancellable: a caller who hangs up must not leave a bucket half deleted.
    private async ValueTask<ObjectError> FinishAsync(string name, BucketId id)
    {
        CancellationToken always = CancellationToken.None;
        ObjectError outcome = await registers.SetBucketClosedAsync(id, isClosed: true, always); // (3)
        if (outcome == ObjectError.None)
        {
            outcome = await vacancy.RunAsync(id, always); // (4)
        }

        if (outcome == ObjectError.None)
        {
            outcome = await uploads.RemoveAllAsync(id, always); // (5)
        }

        if (outcome == ObjectError.None)
        {
            return await catalog.RemoveAsync(name, id, always); // (6)
        }

        ObjectError opened = await registers.SetBucketClosedAsync(id, isClosed: false, always);
        if (opened == ObjectError.None)
        {
            await catalog.MoveAsync(name, id, BucketState.Deleting, BucketState.Live, always);
        }

        return outcome;
    }

    private async ValueTask<ObjectError> LookAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        ListRequest request = new()
        {
            Space = RegisterSpace.Objects,
            Bucket = bucket,
            AllVersions = true,
            Limit = 1,
        };
        ObjectResult<RegisterPage> page = await registers.ListAsync(request, cancellationToken);
        return page.Error != ObjectError.None ? page.Error
            : page.Value!.Rows.Count > 0 ? ObjectError.BucketNotEmpty
            : ObjectError.None;
    }
}

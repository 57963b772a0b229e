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
/// Protocol: (1) look whether the bucket is empty, because mostly it is not and then nothing needs to change; (2) in its
/// record, Live -> Deleting under a fresh attempt; (3) close it on the write quorum of every partition's drives; (4) look
/// again, in a way that lasts (VacancyCheck); (5) in the record, Deleting -> Ending, if the attempt is still the last one;
/// (6) drop unfinished uploads; (7) remove the record. When (4) finds something: open the drives again and
/// Deleting -> Live, if the attempt is still the last one.
/// Why nothing is lost: what was acknowledged, or still can be, is seen in (4), see there; and behind (4) nothing can be
/// accepted by a write quorum any more. The bucket's id is not used again, so what lies around under it cannot show in a
/// later bucket.
/// Several at once, on different nodes: whoever finds a deletion under way takes it over by a higher attempt. The record
/// orders them: (5) and the way back to Live succeed for the last attempt only. The drives keep to that order, so that
/// an opening of an attempt that was overtaken does nothing to drives that the last one has closed: these are the only
/// ones that (4) counts. Uploads are dropped behind (5), from where no attempt leads back.
/// Failure: a crash behind (2) leaves a record in Deleting or Ending. Reads go on as if nothing had happened; the next
/// delete, creation, refused write or start of the store takes the deletion over, which ends it in one way or the other.
/// Concurrency: one deletion at a time in this process, so that its callers do not overtake each other.
/// </remarks>
internal sealed class BucketRemoval(
    RegisterQuorum registers, BucketCatalog catalog, BucketGates gates, VacancyCheck vacancy, UploadRemover uploads)
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
        }

        ObjectResult<BucketRecord> begun = await catalog.BeginDeletionAsync(name, id, mayBegin: true, cancellationToken); // (2)
        return begun.IsOk ? await FinishAsync(name, begun.Value) : begun.Error;
    }

    /// <summary>Ends a deletion that was begun and left; waits for one that goes on in this process.</summary>
    public async ValueTask SettleAsync(string name, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder holder = await _oneAtATime.AcquireAsync(cancellationToken);
        ObjectResult<BucketRecord> read = await catalog.ReadRecordAsync(name, cancellationToken);
        if (read.IsOk && read.Value.State != BucketState.Live)
        {
            ObjectResult<BucketRecord> begun = await catalog.BeginDeletionAsync(
                name, read.Value.Id, mayBegin: false, cancellationToken);
            if (begun.IsOk)
            {
                await FinishAsync(name, begun.Value);
            }
        }
        else if (read.IsOk && read.Value.Attempt != 0)
        {
            // Some drives may have missed that the bucket stays.
            _ = await gates.OpenAsync(read.Value.Id, read.Value.Attempt);
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
    private async ValueTask<ObjectError> FinishAsync(string name, BucketRecord begun)
    {
        ObjectError outcome = begun.State == BucketState.Ending ? ObjectError.None : await DecideAsync(name, begun);
        if (outcome == ObjectError.None)
        {
            outcome = await uploads.RemoveAllAsync(begun.Id, CancellationToken.None); // (6)
        }

        if (outcome == ObjectError.None)
        {
            outcome = await catalog.RemoveAsync(name, begun.Id, CancellationToken.None); // (7)
        }

        // Whoever has taken the deletion over may have brought it to its end.
        return outcome == ObjectError.NoSuchBucket ? ObjectError.None : outcome;
    }

    /// <returns>None: the bucket is ending.</returns>
    private async ValueTask<ObjectError> DecideAsync(string name, BucketRecord begun)
    {
        (ObjectError outcome, bool[] closed) = await gates.CloseAsync(begun.Id, begun.Attempt); // (3)
        if (outcome == ObjectError.None)
        {
            outcome = await vacancy.RunAsync(begun.Id, closed, CancellationToken.None); // (4)
        }

        if (outcome == ObjectError.None)
        {
            return await catalog.DecideDeletionAsync(name, begun, BucketState.Ending, CancellationToken.None); // (5)
        }

        ObjectError opened = await gates.OpenAsync(begun.Id, begun.Attempt);
        if (opened == ObjectError.None)
        {
            opened = await catalog.DecideDeletionAsync(name, begun, BucketState.Live, CancellationToken.None);
        }

        return opened == ObjectError.NoSuchBucket ? opened : outcome;
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

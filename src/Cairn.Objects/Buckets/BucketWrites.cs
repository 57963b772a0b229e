using Cairn.Objects.Records;

namespace Cairn.Objects.Buckets;

/// <summary>Buckets as writers need them: found, made, and explained when drives refuse a write to one.</summary>
internal sealed class BucketWrites(BucketCatalog catalog, BucketRemoval removal)
{
    /// <summary>Attempts at a bucket that is just being deleted.</summary>
    private const int MostAttempts = 3;

    public ValueTask<ObjectResult<BucketDescription>> FindAsync(string name, CancellationToken cancellationToken) =>
        catalog.FindAsync(name, cancellationToken);

    public ValueTask<ObjectResult<BucketDescription>> CreateAsync(string name, CancellationToken cancellationToken) =>
        SettledAsync(name, token => catalog.PutAsync(name, token), cancellationToken);

    public ValueTask<ObjectResult<BucketDescription>> UpdateAsync(
        string name, Func<BucketDescription, BucketDescription> change, CancellationToken cancellationToken) =>
        SettledAsync(name, token => catalog.UpdateAsync(name, change, token), cancellationToken);

    /// <summary>What to answer when a write failed; for most errors, the error itself.</summary>
    /// <remarks>
    /// Drives refuse writes to a bucket that is being deleted, or was. Which of the two, only the record knows: the
    /// settings this node remembers may be those of a bucket that is gone. A deletion that a crash has left is ended
    /// here; if the bucket survives it, nothing has happened and the write may be repeated.
    /// </remarks>
    public async ValueTask<ObjectError> ExplainAsync(
        BucketDescription bucket, ObjectError error, CancellationToken cancellationToken)
    {
        if (error != ObjectError.NoSuchBucket)
        {
            return error;
        }

        await removal.SettleAsync(bucket.Name, cancellationToken);
        catalog.Forget(bucket.Name);
        ObjectResult<BucketRecord> read = await catalog.ReadRecordAsync(bucket.Name, cancellationToken);
        return read.IsOk ? ObjectError.Conflict : read.Error;
    }

    private async ValueTask<ObjectResult<BucketDescription>> SettledAsync(
        string name,
        Func<CancellationToken, ValueTask<ObjectResult<BucketDescription>>> change,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            ObjectResult<BucketDescription> changed = await change(cancellationToken);
            if (changed.Error != ObjectError.Conflict || attempt == MostAttempts)
            {
                return changed;
            }

            await removal.SettleAsync(name, cancellationToken);
        }
    }
}

using Cairn.Objects.Records;

namespace Cairn.Objects.Buckets;

/// <summary>Buckets as writers need them: found, made, and explained when drives refuse a write to one.</summary>
internal sealed class BucketWrites(BucketCatalog catalog, BucketRemoval removal)
{
    /// <summary>Attempts to make a bucket whose name is just being given up by a deletion.</summary>
    private const int MostAttempts = 3;

    public ValueTask<ObjectResult<BucketDescription>> FindAsync(string name, CancellationToken cancellationToken) =>
        catalog.FindAsync(name, cancellationToken);

    public async ValueTask<ObjectResult<BucketDescription>> CreateAsync(
        string name, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            ObjectResult<BucketDescription> made = await catalog.PutAsync(name, cancellationToken);
            if (made.Error != ObjectError.Conflict || attempt == MostAttempts)
            {
                return made;
            }

            await removal.SettleAsync(name, cancellationToken);
        }
    }

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
}

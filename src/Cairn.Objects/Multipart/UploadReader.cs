using Cairn.Objects.Buckets;

namespace Cairn.Objects.Multipart;

/// <summary>Describes uploads and their parts.</summary>
internal sealed class UploadReader(BucketCatalog buckets, UploadCatalog uploads)
{
    public async ValueTask<ObjectResult<UploadDescription>> GetAsync(
        string bucketName, string key, string uploadId, CancellationToken cancellationToken)
    {
        ObjectResult<HeldUpload> upload = await FindAsync(bucketName, key, uploadId, cancellationToken);
        return upload.IsOk ? Describe(upload.Value) : upload.Error;
    }

    public async ValueTask<ObjectResult<PartPage>> ListPartsAsync(
        string bucketName, string key, string uploadId, int after, int limit, CancellationToken cancellationToken)
    {
        ObjectResult<HeldUpload> upload = await FindAsync(bucketName, key, uploadId, cancellationToken);
        if (!upload.IsOk)
        {
            return upload.Error;
        }

        if (limit <= 0)
        {
            return new PartPage(Describe(upload.Value), [], null);
        }

        // One more than wanted tells whether there is a next page.
        int most = limit == int.MaxValue ? limit : limit + 1;
        ObjectResult<List<HeldPart>> held = await uploads.ReadPartsAsync(upload.Value, after, most, cancellationToken);
        if (!held.IsOk)
        {
            return held.Error;
        }

        bool isTruncated = held.Value.Count > limit;
        List<HeldPart> parts = isTruncated ? held.Value.GetRange(0, limit) : held.Value;
        return new PartPage(
            Describe(upload.Value),
            parts.ConvertAll(part => part.Describe()),
            isTruncated ? parts[^1].Number : null);
    }

    private static UploadDescription Describe(HeldUpload upload) =>
        UploadCatalog.Describe(upload.Key, upload.UploadId, upload.Value, upload.Record);

    private async ValueTask<ObjectResult<HeldUpload>> FindAsync(
        string bucketName, string key, string uploadId, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(bucketName, cancellationToken);
        return bucket.IsOk
            ? await uploads.ReadAsync(bucket.Value.Id, key, uploadId, cancellationToken)
            : bucket.Error;
    }
}

using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;

namespace Cairn.Objects.Multipart;

/// <summary>Drops an upload and its parts.</summary>
/// <remarks>
/// An open upload ends by the removal of its register, which a completion cannot survive: its step (4) finds no upload.
/// One that is being completed is withdrawn first, so that exactly one of the two has happened when this answers.
/// </remarks>
internal sealed class UploadAbort(
    BucketWrites buckets, UploadCatalog uploads, UploadWithdrawal withdrawal, UploadRemover remover)
{
    /// <summary>Moves of others that may come in between.</summary>
    private const int MostAttempts = 8;

    public async ValueTask<ObjectError> AbortAsync(
        string bucketName, string key, string uploadId, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(bucketName, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            ObjectResult<HeldUpload> upload = await uploads.ReadAsync(
                bucket.Value.Id, key, uploadId, cancellationToken);
            if (!upload.IsOk)
            {
                return upload.Error;
            }

            ObjectError error = upload.Value.Record.State == UploadState.Open
                ? await uploads.RemoveAsync(upload.Value, cancellationToken)
                : await WithdrawAsync(upload.Value);
            if (error == ObjectError.None)
            {
                // The abort has happened; parts that cannot be dropped now are dropped by the next start.
                await remover.RemovePartsAsync(upload.Value, CancellationToken.None);
                return ObjectError.None;
            }

            if (error != ObjectError.Conflict)
            {
                return await buckets.ExplainAsync(bucket.Value, error, cancellationToken);
            }
        }

        return ObjectError.Conflict;
    }

    /// <returns>NoSuchUpload: it has become an object; Conflict: look again.</returns>
    private async ValueTask<ObjectError> WithdrawAsync(HeldUpload upload)
    {
        ObjectResult<RegisterValue?> found = await withdrawal.WithdrawAsync(upload);
        return found.Error != ObjectError.None ? found.Error
            : found.Value is not null ? ObjectError.NoSuchUpload
            : ObjectError.Conflict;
    }
}

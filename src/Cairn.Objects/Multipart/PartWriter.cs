using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>Stores parts.</summary>
/// <remarks>
/// A part's register knows nothing of its upload's, so an upload may end while a part of it is being written. The part
/// looks again after it was written: an upload that is gone stays gone, so either the end of the upload has seen the
/// part and dropped it, or the part sees the end and drops itself. Should this process die in between, the next start
/// drops it (UploadSweep).
/// </remarks>
internal sealed class PartWriter(
    RegisterQuorum registers, DataStore data, BucketWrites buckets, UploadCatalog uploads)
{
    public async ValueTask<ObjectResult<ObjectPart>> PutAsync(
        string bucketName,
        string key,
        string uploadId,
        int partNumber,
        IObjectBody body,
        CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(bucketName, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        BucketId id = bucket.Value.Id;
        ObjectResult<HeldUpload> upload = await uploads.ReadAsync(id, key, uploadId, cancellationToken);
        if (!upload.IsOk)
        {
            return upload.Error;
        }

        RegisterKey register = RegisterNames.OfPart(id, key, uploadId, partNumber);
        ObjectResult<StagedData> staged = await data.StageAsync(
            register, upload.Value.Record.StorageClass, body, cancellationToken);
        if (staged.Error != ObjectError.None)
        {
            return staged.Error;
        }

        ObjectResult<HeldPart> written = await CommitAsync(register, partNumber, staged.Value!, cancellationToken);
        if (!written.IsOk)
        {
            return await buckets.ExplainAsync(bucket.Value, written.Error, cancellationToken);
        }

        ObjectResult<HeldUpload> again = await uploads.ReadAsync(id, key, uploadId, cancellationToken);
        if (again.Error == ObjectError.NoSuchUpload)
        {
            await registers.WriteAsync(register, UploadRemover.Removal, cancellationToken);
            return ObjectError.NoSuchUpload;
        }

        return written.Value.Describe();
    }

    private async ValueTask<ObjectResult<HeldPart>> CommitAsync(
        RegisterKey register, int partNumber, StagedData staged, CancellationToken cancellationToken)
    {
        PartRecord record = new(
            ETag.Of(staged.Digest.Md5.Span, partCount: 0), staged.Piece, staged.Digest.Checksum);
        RegisterDraft draft = new()
        {
            Slot = VersionId.Null,
            Body = PartRecordCodec.Encode(record),
            Staged = staged,
        };
        ObjectResult<RegisterValue> written = await registers.WriteAsync(register, draft, cancellationToken);
        if (written.Error == ObjectError.None)
        {
            return new HeldPart(partNumber, written.Value!.Birth, record);
        }

        if (written.Error != ObjectError.OutcomeUnknown)
        {
            await data.DiscardAsync(register, staged);
        }

        return written.Error;
    }
}

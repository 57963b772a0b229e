using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>The records of unfinished uploads and of their parts, one register each.</summary>
/// <remarks>
/// An upload id is the ballot of the upload's start: unique, sorted by start, and a lower bound for the birth of the
/// version that the upload becomes. Uploads and parts lie in the partition of their key.
/// </remarks>
internal sealed class UploadCatalog(RegisterQuorum registers, HybridClock clock, BucketWrites buckets)
{
    public static UploadDescription Describe(string key, string uploadId, RegisterValue value, UploadRecord record) =>
        new(key, uploadId, value.Birth.Time, record.StorageClass, record.Checksum, record.ChecksumType);

    public async ValueTask<ObjectResult<UploadDescription>> CreateAsync(
        PutRequest request,
        ChecksumAlgorithm? checksum,
        ChecksumType? checksumType,
        CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(request.Bucket, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        UploadRecord record = new()
        {
            StorageClass = request.StorageClass,
            Checksum = checksum,
            ChecksumType = checksumType,
            Metadata = request.Metadata,
            Tags = request.Tags,
        };
        string uploadId = clock.Next().ToString();
        ObjectResult<RegisterValue> written = await registers.WriteAsync(
            RegisterNames.OfUpload(bucket.Value.Id, request.Key, uploadId),
            new RegisterDraft { Slot = VersionId.Null, Body = UploadRecordCodec.Encode(record) },
            cancellationToken);
        return written.Error != ObjectError.None
            ? await buckets.ExplainAsync(bucket.Value, written.Error, cancellationToken)
            : Describe(request.Key, uploadId, written.Value!, record);
    }

    /// <summary>The upload as it is on the drives.</summary>
    public async ValueTask<ObjectResult<HeldUpload>> ReadAsync(
        BucketId bucket, string key, string uploadId, CancellationToken cancellationToken)
    {
        if (!VersionId.TryParse(uploadId, out VersionId start) || start.IsNull)
        {
            return ObjectError.NoSuchUpload;
        }

        ObjectResult<ResolvedRegister> read = await registers.ReadAsync(
            RegisterNames.OfUpload(bucket, key, uploadId), VersionId.Null, withInline: false, cancellationToken);
        return read.Error != ObjectError.None ? read.Error
            : read.Value!.Slot is not { } value ? ObjectError.NoSuchUpload
            : new HeldUpload(bucket, key, uploadId, start.Birth, value, UploadRecordCodec.Decode(value));
    }

    /// <summary>Parts behind a number, in order; more than limit are not returned.</summary>
    public async ValueTask<ObjectResult<List<HeldPart>>> ReadPartsAsync(
        HeldUpload upload, int after, int limit, CancellationToken cancellationToken)
    {
        List<HeldPart> parts = [];
        byte[] prefix = RegisterNames.UploadName(upload.Key, upload.UploadId);
        byte[]? from = after >= ushort.MaxValue ? null
            : RegisterNames.OfPart(upload.Bucket, upload.Key, upload.UploadId, after + 1).Name.ToArray();
        while (from is not null && parts.Count < limit)
        {
            ListRequest request = new()
            {
                Space = RegisterSpace.Parts,
                Bucket = upload.Bucket,
                Prefix = prefix,
                From = from,
                Limit = Math.Min(limit - parts.Count, ListLimits.WalkEntries),
            };
            ObjectResult<RegisterPage> rows = await registers.ListAsync(request, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            foreach (RegisterRow row in rows.Value!.Rows)
            {
                RegisterValue value = row.Values[0];
                int number = RegisterNames.ParsePartNumber(row.Name.Span);
                parts.Add(new HeldPart(number, value.Birth, PartRecordCodec.Decode(value)));
                from = RegisterNames.After(row.Name.Span);
            }

            if (rows.Value.IsEnd)
            {
                break;
            }
        }

        return parts;
    }

    /// <summary>Moves an upload to another state, if it still is in the state in which it was read.</summary>
    /// <param name="upload">As it was read.</param>
    /// <param name="next">The record to be.</param>
    /// <param name="cancellationToken">The move may or may not take effect.</param>
    /// <returns>The upload as moved; NoSuchUpload: it is gone; Conflict: it is in another state.</returns>
    public async ValueTask<ObjectResult<HeldUpload>> MoveAsync(
        HeldUpload upload, UploadRecord next, CancellationToken cancellationToken)
    {
        RegisterDraft draft = new()
        {
            Slot = VersionId.Null,
            KeepsBirth = true,
            Body = UploadRecordCodec.Encode(next),
            Data = [.. next.Pieces.Select(piece => piece.Id)],
            DataShards = VersionDrafts.MostDataShards(next.Pieces),
        };
        ObjectResult<RegisterValue?> moved = await ChangeAsync(upload, draft, cancellationToken);
        return moved.Error == ObjectError.None ? upload with { Value = moved.Value!, Record = next } : moved.Error;
    }

    /// <summary>Removes an upload, if it still is in the state in which it was read.</summary>
    /// <returns>As MoveAsync.</returns>
    public async ValueTask<ObjectError> RemoveAsync(HeldUpload upload, CancellationToken cancellationToken)
    {
        ObjectResult<RegisterValue?> removed = await ChangeAsync(upload, UploadRemover.Removal, cancellationToken);
        return removed.Error;
    }

    private ValueTask<ObjectResult<RegisterValue?>> ChangeAsync(
        HeldUpload upload, RegisterDraft draft, CancellationToken cancellationToken) => registers.MutateAsync(
        upload.Register,
        VersionId.Null,
        state => state.Slot is not { } value ? MutationDecision.Stop(ObjectError.NoSuchUpload)
            : UploadRecordCodec.Decode(value).IsSameStep(upload.Record) ? MutationDecision.Accept(draft)
            : MutationDecision.Stop(ObjectError.Conflict),
        cancellationToken);
}

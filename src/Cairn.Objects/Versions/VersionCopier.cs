using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>Copies versions inside the store.</summary>
/// <remarks>
/// A copy of the null version onto itself that wants nothing but other metadata or tags is a new record over the same
/// data. Every other copy moves bytes: its data is its own, in the layout and storage class of its new place.
/// </remarks>
internal sealed class VersionCopier(
    RegisterQuorum registers, BucketWrites buckets, VersionReader reader, VersionWriter writer)
{
    public async ValueTask<ObjectResult<PutReceipt>> CopyAsync(
        CopyRequest request, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> sourceBucket = await buckets.FindAsync(
            request.SourceBucket, cancellationToken);
        ObjectResult<BucketDescription> bucket = sourceBucket.IsOk
            ? await buckets.FindAsync(request.Destination.Bucket, cancellationToken)
            : sourceBucket;
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        RegisterKey source = RegisterNames.OfObject(sourceBucket.Value!.Id, request.SourceKey);
        (ObjectResult<FoundVersion> found, ObjectDataReader? bytes) = await reader.OpenAsync(
            source, request.SourceVersion, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        FoundVersion version = found.Value;
        await using CopyBody body = new(
            bytes, version.Record, request.Checksum ?? version.Record.Checksum?.Algorithm);
        if (!IsExpected(request, version.Record))
        {
            return ObjectError.Conflict;
        }

        RegisterKey target = RegisterNames.OfObject(bucket.Value.Id, request.Destination.Key);
        if (source == target && CanKeepBytes(bucket.Value, version, request))
        {
            return await ReplaceRecordAsync(bucket.Value, target, request, cancellationToken);
        }

        PutRequest put = request.Destination with
        {
            Metadata = request.ReplaceMetadata ? request.Destination.Metadata : version.Record.Metadata,
            Tags = request.ReplaceTags ? request.Destination.Tags : version.Record.Tags,
        };
        return await writer.PutAsync(put, body, cancellationToken);
    }

    private static bool IsExpected(CopyRequest request, VersionRecord source) =>
        request.ExpectedSourceETag is null || source.ETag.Matches(request.ExpectedSourceETag);

    private static bool CanKeepBytes(BucketDescription bucket, FoundVersion version, CopyRequest request) =>
        version.Value.Slot.IsNull
        && bucket.Versioning != BucketVersioning.Enabled
        && version.Record.StorageClass == request.Destination.StorageClass
        && (request.Checksum is null || request.Checksum == version.Record.Checksum?.Algorithm);

    private async ValueTask<ObjectResult<PutReceipt>> ReplaceRecordAsync(
        BucketDescription bucket, RegisterKey register, CopyRequest request, CancellationToken cancellationToken)
    {
        VersionRecord? made = null;
        ObjectResult<RegisterValue?> written = await registers.MutateAsync(
            register,
            VersionId.Null,
            state =>
            {
                // The version that was found may have been replaced since; whatever stands there now must be what the
                // caller evaluated, and still be what he named.
                if (state.Slot is not { } version || (request.SourceVersion is null && state.Current?.Slot != version.Slot))
                {
                    return MutationDecision.Stop(ObjectError.Conflict);
                }

                VersionRecord source = VersionRecordCodec.Decode(version, withParts: true);
                if (source.IsDeleteMarker || !IsExpected(request, source))
                {
                    return MutationDecision.Stop(ObjectError.Conflict);
                }

                ObjectError error = Conditions.Evaluate(request.Destination.Condition, state.Current);
                if (error != ObjectError.None)
                {
                    return MutationDecision.Stop(error);
                }

                made = source with
                {
                    Metadata = request.ReplaceMetadata ? request.Destination.Metadata : source.Metadata,
                    Tags = request.ReplaceTags ? request.Destination.Tags : source.Tags,
                };
                return MutationDecision.Accept(VersionDrafts.Change(version, made) with { KeepsBirth = false });
            },
            cancellationToken);
        if (written.Error != ObjectError.None)
        {
            return await buckets.ExplainAsync(bucket, written.Error, cancellationToken);
        }

        Check.Invariant(written.Value is not null && made is not null);
        return Descriptions.Receipt(written.Value, made, bucket.ShowsVersions());
    }
}

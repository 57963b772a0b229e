using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Records;
using Cairn.Primitives;

namespace Cairn.Objects.Versions;

/// <summary>Puts new versions.</summary>
/// <remarks>
/// Without a condition a put is one blind write; with one it is a read-modify-write that decides on the state it
/// replaces. The bytes are staged before either, so that the register is not held up by a slow sender.
/// </remarks>
internal sealed class VersionWriter(RegisterQuorum registers, DataStore data, BucketWrites buckets)
{
    public async ValueTask<ObjectResult<PutReceipt>> PutAsync(
        PutRequest request, IObjectBody body, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(request.Bucket, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        RegisterKey register = RegisterNames.OfObject(bucket.Value.Id, request.Key);
        if (request.Condition is not null)
        {
            // The answer is decided again with the write; here it saves reading a body that cannot be stored.
            ObjectError early = await CheckAsync(register, request.Condition, cancellationToken);
            if (early != ObjectError.None)
            {
                return early;
            }
        }

        return await PutAsync(bucket.Value, register, request, body, cancellationToken);
    }

    /// <summary>Stages the body and commits it as a new version.</summary>
    public async ValueTask<ObjectResult<PutReceipt>> PutAsync(
        BucketDescription bucket,
        RegisterKey register,
        PutRequest request,
        IObjectBody body,
        CancellationToken cancellationToken)
    {
        ObjectResult<StagedData> staged = await data.StageAsync(
            register, request.StorageClass, body, cancellationToken);
        if (staged.Error != ObjectError.None)
        {
            return staged.Error;
        }

        StagedData bytes = staged.Value!;
        VersionRecord record = new()
        {
            Size = bytes.Piece.Size,
            StorageClass = request.StorageClass,
            ETag = ETag.Of(bytes.Digest.Md5.Span, partCount: 0),
            Checksum = bytes.Digest.Checksum,
            Pieces = [bytes.Piece],
            Metadata = request.Metadata,
            Tags = request.Tags,
        };
        RegisterDraft draft = new()
        {
            Slot = bucket.NewSlot(),
            Body = VersionRecordCodec.Encode(record),
            Staged = bytes,
        };
        ObjectResult<RegisterValue> written = await CommitAsync(
            register, draft, request.Condition, cancellationToken);
        if (written.Error == ObjectError.NoSuchBucket
            && await buckets.ExplainAsync(bucket, written.Error, cancellationToken) == ObjectError.Conflict)
        {
            // A deletion of the bucket was in the way and has given up. The body is staged; one more try is cheap.
            written = await CommitAsync(register, draft, request.Condition, cancellationToken);
        }

        if (written.Error == ObjectError.None)
        {
            return Descriptions.Receipt(written.Value!, record, bucket.ShowsVersions());
        }

        // With an unknown outcome the data may be a version's by now; if not, the next start of the drives sweeps it.
        if (written.Error != ObjectError.OutcomeUnknown)
        {
            await data.DiscardAsync(register, bytes);
        }

        return await buckets.ExplainAsync(bucket, written.Error, cancellationToken);
    }

    private async ValueTask<ObjectError> CheckAsync(
        RegisterKey register, WriteCondition condition, CancellationToken cancellationToken)
    {
        ObjectResult<ResolvedRegister> read = await registers.ReadAsync(
            register, slot: null, withInline: false, cancellationToken);
        return read.Error != ObjectError.None ? read.Error : Conditions.Evaluate(condition, read.Value!.Current);
    }

    private async ValueTask<ObjectResult<RegisterValue>> CommitAsync(
        RegisterKey register, RegisterDraft draft, WriteCondition? condition, CancellationToken cancellationToken)
    {
        if (condition is null)
        {
            return await registers.WriteAsync(register, draft, cancellationToken);
        }

        ObjectResult<RegisterValue?> written = await registers.MutateAsync(
            register,
            slot: null,
            state => Conditions.Evaluate(condition, state.Current) is var error && error != ObjectError.None
                ? MutationDecision.Stop(error)
                : MutationDecision.Accept(draft),
            cancellationToken);
        Check.Invariant(written.Error != ObjectError.None || written.Value is not null);
        return new ObjectResult<RegisterValue>(written.Error, written.Value);
    }
}

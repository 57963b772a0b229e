using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Versions;

/// <summary>Deletes: removes versions, and puts delete markers.</summary>
internal sealed class VersionRemover(RegisterQuorum registers, BucketWrites buckets)
{
    private static readonly RegisterDraft RemoveNull = new() { Slot = VersionId.Null, IsRemoval = true };

    public async ValueTask<ObjectResult<DeleteReceipt>> DeleteAsync(
        string bucketName,
        string key,
        VersionId? version,
        WriteCondition? condition,
        CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> found = await buckets.FindAsync(bucketName, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        BucketDescription bucket = found.Value;
        RegisterKey register = RegisterNames.OfObject(bucket.Id, key);
        ObjectResult<DeleteReceipt> deleted = version is { } id
            ? await RemoveVersionAsync(bucket, register, id, condition, cancellationToken)
            : await DeleteCurrentAsync(bucket, register, condition, cancellationToken);
        return deleted.Error == ObjectError.NoSuchBucket
            ? await buckets.ExplainAsync(bucket, deleted.Error, cancellationToken)
            : deleted;
    }

    private async ValueTask<ObjectResult<DeleteReceipt>> DeleteCurrentAsync(
        BucketDescription bucket, RegisterKey register, WriteCondition? condition, CancellationToken cancellationToken)
    {
        bool isMarker = bucket.Versioning != BucketVersioning.Off;
        RegisterDraft draft = !isMarker
            ? RemoveNull
            : new RegisterDraft
            {
                Slot = bucket.NewSlot(),
                Body = VersionRecordCodec.Encode(VersionRecord.DeleteMarker),
            };
        ObjectError error;
        RegisterValue? made;
        if (condition is null)
        {
            ObjectResult<RegisterValue> written = await registers.WriteAsync(register, draft, cancellationToken);
            (error, made) = (written.Error, written.Value);
        }
        else
        {
            ObjectResult<RegisterValue?> written = await registers.MutateAsync(
                register,
                slot: null,
                state => Decide(condition, state.Current, draft),
                cancellationToken);
            (error, made) = (written.Error, written.Value);
        }

        if (error != ObjectError.None)
        {
            return error;
        }

        Check.Invariant(!isMarker || made is not null);
        return new DeleteReceipt(isMarker ? made!.Slot : VersionId.Null, isMarker, isMarker);
    }

    private async ValueTask<ObjectResult<DeleteReceipt>> RemoveVersionAsync(
        BucketDescription bucket,
        RegisterKey register,
        VersionId version,
        WriteCondition? condition,
        CancellationToken cancellationToken)
    {
        RegisterDraft draft = version.IsNull ? RemoveNull : new RegisterDraft { Slot = version, IsRemoval = true };
        bool wasMarker = false;
        ObjectResult<RegisterValue?> removed = await registers.MutateAsync(
            register,
            version,
            state =>
            {
                wasMarker = state.Slot is not null && VersionRecordCodec.DecodeHead(state.Slot.Body.Span).IsDeleteMarker;
                return state.Slot is null && condition is null
                    ? MutationDecision.Nothing
                    : Decide(condition, state.Slot, draft);
            },
            cancellationToken);
        return removed.Error != ObjectError.None
            ? removed.Error
            : new DeleteReceipt(version, wasMarker, bucket.ShowsVersions());
    }

    private static MutationDecision Decide(WriteCondition? condition, RegisterValue? target, RegisterDraft draft)
    {
        ObjectError error = Conditions.Evaluate(condition, target);
        return error != ObjectError.None ? MutationDecision.Stop(error) : MutationDecision.Accept(draft);
    }
}

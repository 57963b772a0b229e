using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.Primitives;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>Turns the parts of an upload into a version.</summary>
/// <remarks>
/// Three kinds of registers take part: the upload's (U), its parts' and the object's (O). Nothing changes two of them
/// at once, so the protocol makes U the judge of who may write O, and lets O tell what happened.
///
/// Protocol: (1) read U; (2) read the parts and plan the version; (3) read O: a condition that fails now ends here, and
/// the clock learns every version that was acknowledged before; (4) U: Open -> Completing, with a new attempt (a fresh
/// ballot), referring to the data of all parts of the plan; (5) O: a mutation that, with O promised to it, reads U
/// again and goes on only if U still is Completing in this attempt; it evaluates the condition and accepts the version,
/// which refers to the same data; (6) remove U, then the parts; (7) answer.
/// A completion or abort that finds U in Completing or Withdrawing first makes that attempt's outcome certain
/// (UploadWithdrawal) and then either answers with the version or goes on as if U had always been open.
///
/// One outcome: only the coordinator of an attempt writes O under it, and only while U names the attempt. To abort, or
/// to begin another attempt, U must first be moved on; the withdrawal then writes to O above every ballot that the old
/// attempt could have got its permission under. So either the old attempt has taken root, which the withdrawal sees, or
/// it never will.
///
/// No data is lost. A drive drops data when no register on it refers to it, and refuses a value whose data it lacks.
/// From (4) on the plan's data is referred to by U on a write quorum, so a part that is replaced meanwhile takes
/// nothing with it; if it was replaced before, (4) is refused and the parts are read again. From (5) on O refers to it,
/// on every drive that counts for O's quorum, so (6) drops only parts that the plan does not name. An attempt that
/// failed leaves the parts' own references untouched.
///
/// Failure: after a crash behind (4) U is found Completing; behind (5) the withdrawal finds the version by its upload
/// id; behind the removal of U, a repeated completion finds it among the versions of the key, and parts that were left
/// have no upload, which is how UploadSweep knows them.
/// </remarks>
internal sealed class UploadCompletion(
    RegisterQuorum registers,
    HybridClock clock,
    BucketWrites buckets,
    UploadCatalog uploads,
    UploadWithdrawal withdrawal,
    UploadRemover remover)
{
    /// <summary>Attempts that may be lost to other coordinators, or to parts that change, before giving up.</summary>
    private const int MostAttempts = 8;

    /// <summary>Bytes that every part but the last must have.</summary>
    public required long SmallestPart { get; init; }

    public async ValueTask<ObjectResult<PutReceipt>> CompleteAsync(
        CompleteRequest request, CancellationToken cancellationToken)
    {
        ObjectResult<BucketDescription> bucket = await buckets.FindAsync(request.Bucket, cancellationToken);
        if (!bucket.IsOk)
        {
            return bucket.Error;
        }

        if (!UploadAssembly.IsAscending(request.Parts))
        {
            return ObjectError.InvalidPartOrder;
        }

        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            ObjectResult<HeldUpload> upload = await uploads.ReadAsync( // (1)
                bucket.Value.Id, request.Key, request.UploadId, cancellationToken);
            if (upload.Error == ObjectError.NoSuchUpload)
            {
                return await withdrawal.FindFinishedAsync(bucket.Value, request, cancellationToken);
            }

            if (!upload.IsOk)
            {
                return upload.Error;
            }

            ObjectResult<PutReceipt> outcome = upload.Value.Record.State == UploadState.Open
                ? await TryCompleteAsync(bucket.Value, upload.Value, request, cancellationToken)
                : await WithdrawAsync(bucket.Value, upload.Value, request);
            if (outcome.Error != ObjectError.Conflict)
            {
                return outcome.IsOk
                    ? outcome
                    : await buckets.ExplainAsync(bucket.Value, outcome.Error, cancellationToken);
            }
        }

        return ObjectError.Conflict;
    }

    private async ValueTask<ObjectResult<PutReceipt>> TryCompleteAsync(
        BucketDescription bucket, HeldUpload upload, CompleteRequest request, CancellationToken cancellationToken)
    {
        ObjectResult<List<HeldPart>> parts = await uploads.ReadPartsAsync( // (2)
            upload, after: 0, int.MaxValue, cancellationToken);
        if (!parts.IsOk)
        {
            return parts.Error;
        }

        ObjectResult<VersionRecord> planned = UploadAssembly.Plan(upload, parts.Value, request, SmallestPart);
        if (!planned.IsOk)
        {
            // Parts of an upload that has ended meanwhile are missing because it has ended.
            bool isMissing = planned.Error == ObjectError.InvalidPart;
            return isMissing && !await IsUnchangedAsync(upload, cancellationToken) ? ObjectError.Conflict : planned.Error;
        }

        ObjectResult<ResolvedRegister> before = await registers.ReadAsync( // (3)
            upload.Object, slot: null, withInline: false, cancellationToken);
        ObjectError error = before.Error != ObjectError.None
            ? before.Error
            : Conditions.Evaluate(request.Condition, before.Value!.Current);
        if (error != ObjectError.None)
        {
            return error;
        }

        if (before.Value!.Current is { } current)
        {
            clock.Observe(current.Birth);
        }

        VersionRecord plan = planned.Value;
        bool isVersioned = bucket.Versioning == BucketVersioning.Enabled;
        UploadRecord begun = upload.Record.Begin(clock.Next(), isVersioned, plan.Pieces);
        ObjectResult<HeldUpload> moved = await uploads.MoveAsync(upload, begun, cancellationToken); // (4)
        if (moved.IsOk)
        {
            return await WriteObjectAsync(bucket, moved.Value, plan, request);
        }

        // Drives refuse data that is gone: too few of them may be there, or a part of the plan was replaced.
        bool isStale = moved.Error == ObjectError.NoSuchUpload
            || (moved.Error == ObjectError.WriteQuorumLost && await IsReplacedAsync(upload, plan, cancellationToken));
        return isStale ? ObjectError.Conflict : moved.Error;
    }

    private async ValueTask<bool> IsUnchangedAsync(HeldUpload upload, CancellationToken cancellationToken)
    {
        ObjectResult<HeldUpload> again = await uploads.ReadAsync(
            upload.Bucket, upload.Key, upload.UploadId, cancellationToken);
        return again.IsOk && again.Value.Record.IsSameStep(upload.Record);
    }

    private async ValueTask<bool> IsReplacedAsync(
        HeldUpload upload, VersionRecord plan, CancellationToken cancellationToken)
    {
        ObjectResult<List<HeldPart>> parts = await uploads.ReadPartsAsync(
            upload, after: 0, int.MaxValue, cancellationToken);
        if (!parts.IsOk)
        {
            return false;
        }

        HashSet<DataId> held = [.. parts.Value.Select(part => part.Record.Piece.Id)];
        return plan.Pieces.Any(piece => !held.Contains(piece.Id));
    }

    // From here on nothing is cancelled: a caller who hangs up would only leave the upload for somebody else to settle.
    private async ValueTask<ObjectResult<PutReceipt>> WriteObjectAsync(
        BucketDescription bucket, HeldUpload upload, VersionRecord plan, CompleteRequest request)
    {
        RegisterDraft draft = new()
        {
            Slot = upload.Record.Target,
            Body = VersionRecordCodec.Encode(plan),
            Data = [.. plan.Pieces.Select(piece => piece.Id)],
            DataShards = VersionDrafts.MostDataShards(plan.Pieces),
        };
        ObjectResult<RegisterValue?> written = await registers.MutateAsync( // (5)
            upload.Object,
            upload.Record.Target,
            async (state, token) =>
            {
                ObjectResult<HeldUpload> judge = await uploads.ReadAsync(
                    upload.Bucket, upload.Key, upload.UploadId, token);
                if (!judge.IsOk || !judge.Value.Record.IsSameStep(upload.Record))
                {
                    return MutationDecision.Stop(
                        judge.IsOk || judge.Error == ObjectError.NoSuchUpload ? ObjectError.Conflict : judge.Error);
                }

                // The attempt's version id is as old as the attempt. Below a younger version it would be acknowledged and
                // never be current, although nothing was written after it: a new attempt gets a younger id.
                if (upload.Record.Target is { IsNull: false } target && state.Current?.Birth > target.Birth)
                {
                    return MutationDecision.Stop(ObjectError.Conflict);
                }

                ObjectError error = Conditions.Evaluate(request.Condition, state.Current);
                return error != ObjectError.None ? MutationDecision.Stop(error) : MutationDecision.Accept(draft);
            },
            CancellationToken.None);
        if (written.Error == ObjectError.None)
        {
            Check.Invariant(written.Value is not null);
            await remover.EndAsync(upload); // (6)
            return Descriptions.Receipt(written.Value, plan, bucket.ShowsVersions()); // (7)
        }

        if (written.Error is not (ObjectError.PreconditionFailed or ObjectError.NoSuchKey))
        {
            return written.Error;
        }

        ObjectResult<PutReceipt> withdrawn = await WithdrawAsync(bucket, upload, request);
        return withdrawn.Error == ObjectError.Conflict ? written.Error : withdrawn;
    }

    /// <returns>The receipt, when the upload's attempt had become a version; Conflict: the upload is open again.</returns>
    private async ValueTask<ObjectResult<PutReceipt>> WithdrawAsync(
        BucketDescription bucket, HeldUpload upload, CompleteRequest request)
    {
        ObjectResult<RegisterValue?> found = await withdrawal.WithdrawAsync(upload);
        return found.Error != ObjectError.None ? found.Error
            : found.Value is null ? ObjectError.Conflict
            : UploadWithdrawal.Answer(bucket, found.Value, request);
    }
}

using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>Makes certain what became of an attempt to complete an upload, and ends it if nothing did.</summary>
/// <remarks>
/// Protocol: (1) U: Completing -> Withdrawing, same attempt, still referring to the plan's data; (2) O: a mutation that
/// asks for the slot which the attempt writes. If the attempt's version is there, it has won: U and the parts are
/// removed. Otherwise the mutation writes: a tombstone into the attempt's own slot, or the null version as it is; (3) U:
/// Withdrawing -> Open.
/// Why (2) must write although it changes nothing: the attempt may have been accepted by too few drives to count. To
/// have seen that it does not count is no more than an observation; a value under a higher ballot in the same slot is
/// what keeps a later recovery from completing the leftover.
/// Why the attempt cannot come after (2): its coordinator reads U while O is promised to it. If it read U before (1),
/// its promise is older than (2), which went through only above it; if after, it stops.
/// Failure: each step may be repeated by anyone who finds U in this state.
/// </remarks>
internal sealed class UploadWithdrawal(RegisterQuorum registers, UploadCatalog uploads, UploadRemover remover)
{
    /// <summary>The answer to a completion that had succeeded before.</summary>
    /// <returns>NoSuchUpload when the upload became an object of other parts.</returns>
    public static ObjectResult<PutReceipt> Answer(
        BucketDescription bucket, RegisterValue version, CompleteRequest request)
    {
        VersionRecord record = VersionRecordCodec.Decode(version, withParts: true);
        if (record.Parts.Count != request.Parts.Count)
        {
            return ObjectError.NoSuchUpload;
        }

        for (int i = 0; i < request.Parts.Count; i++)
        {
            CompletedPart named = request.Parts[i];
            if (record.Parts[i].Number != named.Number || !record.Parts[i].ETag.Matches(named.ETag))
            {
                return ObjectError.NoSuchUpload;
            }
        }

        return Descriptions.Receipt(version, record, bucket.ShowsVersions());
    }

    /// <param name="upload">In Completing or Withdrawing.</param>
    /// <returns>The version that the attempt has become; null: nothing, and the upload is open; or Conflict.</returns>
    public async ValueTask<ObjectResult<RegisterValue?>> WithdrawAsync(HeldUpload upload)
    {
        CancellationToken always = CancellationToken.None;
        HeldUpload withdrawn = upload;
        if (upload.Record.State == UploadState.Completing)
        {
            ObjectResult<HeldUpload> moved = await uploads.MoveAsync( // (1)
                upload, upload.Record with { State = UploadState.Withdrawing }, always);
            if (!moved.IsOk)
            {
                return Lost(moved.Error);
            }

            withdrawn = moved.Value;
        }

        RegisterValue? version = null;
        VersionId target = upload.Record.Target;
        ObjectResult<RegisterValue?> fenced = await registers.MutateAsync( // (2)
            upload.Object,
            target,
            state =>
            {
                version = IsOf(upload, state.Slot) ? state.Slot : null;
                return version is not null ? MutationDecision.Nothing
                    : state.Slot is null
                        ? MutationDecision.Accept(new RegisterDraft { Slot = target, IsRemoval = true })
                    : MutationDecision.Accept(Same(state.Slot));
            },
            always);
        if (fenced.Error != ObjectError.None)
        {
            return fenced.Error;
        }

        if (version is not null)
        {
            await remover.EndAsync(upload);
            return version;
        }

        ObjectResult<HeldUpload> opened = await uploads.MoveAsync( // (3)
            withdrawn, withdrawn.Record.Reopen(), always);
        return Lost(opened.Error);
    }

    /// <summary>The answer to a completion of an upload that is gone, if it had become a version that still is there.</summary>
    public async ValueTask<ObjectResult<PutReceipt>> FindFinishedAsync(
        BucketDescription bucket, CompleteRequest request, CancellationToken cancellationToken)
    {
        if (!VersionId.TryParse(request.UploadId, out VersionId start) || start.IsNull)
        {
            return ObjectError.NoSuchUpload;
        }

        byte[] name = Encoding.UTF8.GetBytes(request.Key);
        ListRequest walk = new()
        {
            Space = RegisterSpace.Objects,
            Bucket = bucket.Id,
            Prefix = name,
            From = name,
            AllVersions = true,
            Limit = ListLimits.WalkEntries,
        };
        while (true)
        {
            ObjectResult<RegisterPage> rows = await registers.ListAsync(walk, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            if (rows.Value!.Rows.Count == 0 || !rows.Value.Rows[0].Name.Span.SequenceEqual(name))
            {
                return ObjectError.NoSuchUpload;
            }

            RegisterRow row = rows.Value.Rows[0];
            foreach (RegisterValue value in row.Values)
            {
                if (UploadOf(value) == start.Birth)
                {
                    return Answer(bucket, value, request);
                }
            }

            // Versions come newest first, and none is older than the upload it came from.
            if (!row.IsCut || row.Values[^1].Birth < start.Birth)
            {
                return ObjectError.NoSuchUpload;
            }

            walk = walk with { OlderThan = row.Values[^1].Birth };
        }
    }

    // Whoever ended the upload meanwhile knows what became of it; the caller looks again.
    private static ObjectResult<RegisterValue?> Lost(ObjectError error) =>
        new(error == ObjectError.NoSuchUpload ? ObjectError.Conflict : error, null);

    private static bool IsOf(HeldUpload upload, RegisterValue? version) =>
        version is not null && UploadOf(version) == upload.Start;

    private static Ballot? UploadOf(RegisterValue version) =>
        VersionRecordCodec.DecodeHead(version.Body.Span).ETag.PartCount == 0
            ? null
            : VersionRecordCodec.Decode(version, withParts: false).Upload;

    private static RegisterDraft Same(RegisterValue version) => VersionDrafts.Change(
        version, VersionRecordCodec.Decode(version, withParts: true));
}

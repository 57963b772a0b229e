using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>Drops parts whose upload has ended, as a crash between the two leaves them. Runs at every start.</summary>
/// <remarks>
/// Invariants: an upload is made before its first part and an upload id is never used twice, so a part without an
/// upload will never belong to one again.
/// </remarks>
internal sealed class UploadSweep(
    RegisterQuorum registers, BucketCatalog buckets, UploadCatalog uploads, UploadRemover remover)
{
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        string? after = "";
        while (after is not null)
        {
            ObjectResult<BucketPage> page = await buckets.ListAsync(
                "", after, ListLimits.WalkEntries, cancellationToken);
            if (!page.IsOk)
            {
                return;
            }

            foreach (BucketDescription bucket in page.Value.Buckets)
            {
                await SweepAsync(bucket.Id, cancellationToken);
            }

            after = page.Value.Next;
        }
    }

    // One row of each upload's parts is enough to ask for the upload.
    private async ValueTask SweepAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        byte[]? from = [];
        while (from is not null)
        {
            ListRequest request = new()
            {
                Space = RegisterSpace.Parts,
                Bucket = bucket,
                From = from,
                Limit = 1,
            };
            ObjectResult<RegisterPage> rows = await registers.ListAsync(request, cancellationToken);
            if (rows.Error != ObjectError.None || rows.Value!.Rows.Count == 0)
            {
                return;
            }

            ReadOnlyMemory<byte> upload = rows.Value.Rows[0].Name[..^RegisterNames.PartNumberSize];
            (string key, string uploadId) = RegisterNames.ParseUpload(upload.Span);
            ObjectResult<HeldUpload> held = await uploads.ReadAsync(bucket, key, uploadId, cancellationToken);
            if (held.Error == ObjectError.NoSuchUpload)
            {
                await remover.RemovePartsAsync(bucket, upload, cancellationToken);
            }

            from = RegisterNames.Behind(upload.Span);
        }
    }
}

using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Multipart;

/// <summary>Drops uploads that have ended, and parts whose upload has.</summary>
/// <remarks>
/// The upload goes first: from then on it has ended for everybody, and what a crash leaves of its parts is found by
/// their upload being gone. Dropping a part drops its data unless a version refers to it.
/// </remarks>
internal sealed class UploadRemover(RegisterQuorum registers)
{
    /// <summary>Removals under way at once: enough to share fsyncs, few enough not to crowd out requests.</summary>
    private const int AtOnce = 32;

    public static RegisterDraft Removal { get; } = new() { Slot = VersionId.Null, IsRemoval = true };

    /// <summary>Ends an upload that has become an object. What cannot be dropped now is dropped by the next start.</summary>
    public async ValueTask EndAsync(HeldUpload upload)
    {
        ObjectResult<RegisterValue> removed = await registers.WriteAsync(
            upload.Register, Removal, CancellationToken.None);
        if (removed.Error == ObjectError.None)
        {
            await RemovePartsAsync(upload, CancellationToken.None);
        }
    }

    public ValueTask<ObjectError> RemovePartsAsync(HeldUpload upload, CancellationToken cancellationToken) =>
        RemovePartsAsync(
            upload.Bucket, RegisterNames.UploadName(upload.Key, upload.UploadId), cancellationToken);

    /// <param name="bucket">The bucket.</param>
    /// <param name="upload">The upload's name.</param>
    /// <param name="cancellationToken">Some may be left.</param>
    public ValueTask<ObjectError> RemovePartsAsync(
        BucketId bucket, ReadOnlyMemory<byte> upload, CancellationToken cancellationToken) =>
        RemoveRangeAsync(RegisterSpace.Parts, bucket, upload, cancellationToken);

    /// <summary>Drops every upload and part of a bucket that is closed.</summary>
    public async ValueTask<ObjectError> RemoveAllAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        ObjectError error = await RemoveRangeAsync(RegisterSpace.Uploads, bucket, default, cancellationToken);
        return error != ObjectError.None
            ? error
            : await RemoveRangeAsync(RegisterSpace.Parts, bucket, default, cancellationToken);
    }

    private async ValueTask<ObjectError> RemoveRangeAsync(
        RegisterSpace space, BucketId bucket, ReadOnlyMemory<byte> prefix, CancellationToken cancellationToken)
    {
        ListRequest request = new()
        {
            Space = space,
            Bucket = bucket,
            Prefix = prefix,
            Limit = ListLimits.WalkEntries,
        };
        while (true)
        {
            ObjectResult<RegisterPage> rows = await registers.ListAsync(request, cancellationToken);
            if (rows.Error != ObjectError.None)
            {
                return rows.Error;
            }

            foreach (RegisterRow[] some in rows.Value!.Rows.Chunk(AtOnce))
            {
                ObjectError error = await RemoveAsync(space, bucket, some, cancellationToken);
                if (error != ObjectError.None)
                {
                    return error;
                }
            }

            if (rows.Value.IsEnd)
            {
                return ObjectError.None;
            }

            request = request with { From = RegisterNames.After(rows.Value.Rows[^1].Name.Span) };
        }
    }

    private async ValueTask<ObjectError> RemoveAsync(
        RegisterSpace space, BucketId bucket, RegisterRow[] rows, CancellationToken cancellationToken)
    {
        Task<ObjectResult<RegisterValue>>[] removals = new Task<ObjectResult<RegisterValue>>[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            RegisterKey register = RegisterKey.Of(space, bucket, rows[i].Name.Span);
            removals[i] = registers.WriteAsync(register, Removal, cancellationToken).AsTask();
        }

        foreach (ObjectResult<RegisterValue> removed in await Task.WhenAll(removals))
        {
            if (removed.Error != ObjectError.None)
            {
                return removed.Error;
            }
        }

        return ObjectError.None;
    }
}

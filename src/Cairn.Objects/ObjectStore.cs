using Cairn.Objects.Buckets;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects;

/// <summary>The store: buckets, versions, uploads and listings over many drives. The only way for protocols to storage.</summary>
/// <remarks>
/// Durability: a success means that record and data are fsynced on the write quorum of drives.
/// Consistency: linearizable per key; a listing that starts after a write's success shows it (docs/consistency.md).
/// Failure: expected outcomes are ObjectError values; a request body's own exceptions pass through.
/// Concurrency: any caller, any number at once.
/// Cancellation: a write may or may not have taken effect.
/// </remarks>
public sealed class ObjectStore : IAsyncDisposable
{
    /// <summary>Makes a bucket. BucketAlreadyExists carries the existing one.</summary>
    public ValueTask<ObjectResult<BucketDescription>> CreateBucketAsync(
        string bucket, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>A bucket's settings. Cached in memory: cheap enough for every request.</summary>
    public ValueTask<ObjectResult<BucketDescription>> GetBucketAsync(
        string bucket, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Buckets by name, after a name, with a prefix.</summary>
    /// <returns>Up to limit buckets, and the name to go on behind (null at the end).</returns>
    public ValueTask<ObjectResult<BucketPage>> ListBucketsAsync(
        string prefix, string after, int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Changes settings atomically. The change is pure and may be called again.</summary>
    public ValueTask<ObjectResult<BucketDescription>> UpdateBucketAsync(
        string bucket,
        Func<BucketDescription, BucketDescription> change,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes an empty bucket; unfinished uploads do not keep it. No acknowledged object can be lost to it.</summary>
    /// <returns>None, NoSuchBucket, BucketNotEmpty or a quorum error.</returns>
    public ValueTask<ObjectError> DeleteBucketAsync(string bucket, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Puts a new version (or replaces the null version), conditionally if asked.</summary>
    public ValueTask<ObjectResult<PutReceipt>> PutAsync(
        PutRequest request, IObjectBody body, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Copies on the server side; a self-copy that only replaces metadata does not move bytes.</summary>
    public ValueTask<ObjectResult<PutReceipt>> CopyAsync(CopyRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Metadata of a version; null: of the current one.</summary>
    /// <returns>NoSuchKey and VersionIsDeleteMarker carry the delete marker's description where there is one.</returns>
    public ValueTask<ObjectResult<ObjectDescription>> DescribeAsync(
        string bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Opens a version for reading; null: the current one. Dispose the reader.</summary>
    /// <returns>As DescribeAsync; the delete marker is in the reader's description.</returns>
    public ValueTask<ObjectResult<ObjectReader>> OpenAsync(
        string bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Without a version: removes the null version (unversioned bucket) or puts a delete marker. With one: removes it.
    /// What is not there is deleted successfully.
    /// </summary>
    public ValueTask<ObjectResult<DeleteReceipt>> DeleteAsync(
        string bucket,
        string key,
        VersionId? version,
        WriteCondition? condition,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Replaces the tags of a version (null: the current one); empty removes them.</summary>
    public ValueTask<ObjectResult<ObjectDescription>> SetTagsAsync(
        string bucket,
        string key,
        VersionId? version,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask<ObjectResult<ObjectPage>> ListAsync(ObjectQuery query, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public ValueTask<ObjectResult<VersionPage>> ListVersionsAsync(
        VersionQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Begins a multipart upload. The request's condition is not used.</summary>
    public ValueTask<ObjectResult<UploadDescription>> CreateUploadAsync(
        PutRequest request,
        ChecksumAlgorithm? checksum,
        ChecksumType? checksumType,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The upload, to know its checksum before a part's body is read.</summary>
    public ValueTask<ObjectResult<UploadDescription>> GetUploadAsync(
        string bucket, string key, string uploadId, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Stores a part, replacing an earlier one of the number (1..10,000, checked by the caller).</summary>
    public ValueTask<ObjectResult<ObjectPart>> PutPartAsync(
        string bucket,
        string key,
        string uploadId,
        int partNumber,
        IObjectBody body,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Turns parts into a version. Repeating a completion that succeeded answers its receipt again. After a failed
    /// condition the upload stays.
    /// </summary>
    public ValueTask<ObjectResult<PutReceipt>> CompleteUploadAsync(
        CompleteRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Drops an upload and its parts. A completion and an abort at once leave one outcome.</summary>
    public ValueTask<ObjectError> AbortUploadAsync(
        string bucket, string key, string uploadId, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Parts behind a number, at most limit.</summary>
    public ValueTask<ObjectResult<PartPage>> ListPartsAsync(
        string bucket, string key, string uploadId, int after, int limit, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public ValueTask<ObjectResult<UploadPage>> ListUploadsAsync(
        UploadQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends background work and closes the drives.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Buckets;
using Cairn.Objects.Commit;
using Cairn.Objects.Data;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Listing;
using Cairn.Objects.Multipart;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Objects.Rebalance;
using Cairn.Objects.Records;
using Cairn.Objects.Scanning;
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
    private readonly StoreEngine _engine;
    private readonly BucketCatalog _catalog;
    private readonly BucketRemoval _bucketRemoval;
    private readonly BucketWrites _buckets;
    private readonly VersionReader _reader;
    private readonly VersionWriter _writer;
    private readonly VersionRemover _remover;
    private readonly VersionCopier _copier;
    private readonly TagWriter _tags;
    private readonly ObjectLister _objectLister;
    private readonly VersionLister _versionLister;
    private readonly UploadLister _uploadLister;
    private readonly UploadCatalog _uploads;
    private readonly UploadReader _uploadReader;
    private readonly PartWriter _parts;
    private readonly UploadCompletion _completion;
    private readonly UploadAbort _abort;
    private readonly UploadSweep _sweep;
    private readonly Healer _healer;
    private readonly IReadOnlyCollection<DriveId>? _ownDrives;
    private LayoutMover? _mover;

    private ObjectStore(StoreEngine engine, ObjectStoreParts parts)
    {
        _engine = engine;
        RegisterQuorum registers = engine.Quorum;
        DataStore data = engine.Data;
        UploadRemover uploadRemover = new(registers);
        _catalog = new BucketCatalog(registers, engine.Environment, parts.BucketPeers);
        _bucketRemoval = new BucketRemoval(
            registers, _catalog, new BucketGates(engine), new VacancyCheck(engine), uploadRemover);
        _buckets = new BucketWrites(_catalog, _bucketRemoval);

        _reader = new VersionReader(registers, data, _catalog);
        _writer = new VersionWriter(registers, data, _buckets);
        _remover = new VersionRemover(registers, _buckets);
        _copier = new VersionCopier(registers, _buckets, _reader, _writer);
        _tags = new TagWriter(registers, _buckets);

        _objectLister = new ObjectLister(registers, _catalog);
        _versionLister = new VersionLister(registers, _catalog);
        _uploadLister = new UploadLister(registers, _catalog);

        _uploads = new UploadCatalog(registers, engine.Clock, _buckets);
        UploadWithdrawal withdrawal = new(registers, _uploads, uploadRemover);
        _uploadReader = new UploadReader(_catalog, _uploads);
        _parts = new PartWriter(registers, data, _buckets, _uploads);
        _completion = new UploadCompletion(registers, engine.Clock, _buckets, _uploads, withdrawal, uploadRemover)
        {
            SmallestPart = parts.SmallestPart,
        };
        _abort = new UploadAbort(_buckets, _uploads, withdrawal, uploadRemover);
        _sweep = new UploadSweep(registers, _catalog, _uploads, uploadRemover);
        _ownDrives = parts.OwnDrives;
        _healer = new Healer(engine, parts.HealPace);
    }

    /// <summary>Composes a store over open drives, and ends in the background what a crash has left unfinished.</summary>
    /// <exception cref="ArgumentException">A drive is not part of the layout.</exception>
    public static ObjectStore Open(ObjectStoreParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        StoreEngine engine = new(
            parts.Layout, parts.Drives, new RecordPieces(), parts.Environment, parts.Options);
        foreach (DriveHandle drive in engine.Drives)
        {
            drive.IsOwn = parts.OwnDrives is null || parts.OwnDrives.Contains(drive.Id);
        }

        ObjectStore store = new(engine, parts);
        engine.Background.Start(store.EndUnfinishedAsync);
        engine.Background.Start(new PendingWatch(engine).RunAsync);
        store.OnDriveChanged();
        return store;
    }

    /// <summary>To be entered for each request of a client: rebuilding drives leaves those their share.</summary>
    public ClientTime Clients => _engine.Clients;

    /// <summary>Makes a bucket. BucketAlreadyExists carries the existing one.</summary>
    public ValueTask<ObjectResult<BucketDescription>> CreateBucketAsync(
        string bucket, CancellationToken cancellationToken) =>
        _buckets.CreateAsync(bucket, cancellationToken);

    /// <summary>A bucket's settings. Cached in memory: cheap enough for every request.</summary>
    public ValueTask<ObjectResult<BucketDescription>> GetBucketAsync(
        string bucket, CancellationToken cancellationToken) =>
        _buckets.FindAsync(bucket, cancellationToken);

    /// <summary>Buckets by name, after a name, with a prefix.</summary>
    /// <returns>Up to limit buckets, and the name to go on behind (null at the end).</returns>
    public ValueTask<ObjectResult<BucketPage>> ListBucketsAsync(
        string prefix, string after, int limit, CancellationToken cancellationToken) =>
        _catalog.ListAsync(prefix, after, limit, cancellationToken);

    /// <summary>Changes settings atomically. The change is pure and may be called again.</summary>
    public ValueTask<ObjectResult<BucketDescription>> UpdateBucketAsync(
        string bucket,
        Func<BucketDescription, BucketDescription> change,
        CancellationToken cancellationToken) =>
        _buckets.UpdateAsync(bucket, change, cancellationToken);

    /// <summary>Removes an empty bucket; unfinished uploads do not keep it. No acknowledged object can be lost to it.</summary>
    /// <returns>None, NoSuchBucket, BucketNotEmpty or a quorum error.</returns>
    public ValueTask<ObjectError> DeleteBucketAsync(string bucket, CancellationToken cancellationToken) =>
        _bucketRemoval.DeleteAsync(bucket, cancellationToken);

    /// <summary>Puts a new version (or replaces the null version), conditionally if asked.</summary>
    public ValueTask<ObjectResult<PutReceipt>> PutAsync(
        PutRequest request, IObjectBody body, CancellationToken cancellationToken) =>
        _writer.PutAsync(request, body, cancellationToken);

    /// <summary>Copies on the server side; a self-copy that only replaces metadata does not move bytes.</summary>
    public ValueTask<ObjectResult<PutReceipt>> CopyAsync(CopyRequest request, CancellationToken cancellationToken) =>
        _copier.CopyAsync(request, cancellationToken);

    /// <summary>Metadata of a version; null: of the current one.</summary>
    /// <returns>NoSuchKey and VersionIsDeleteMarker carry the delete marker's description where there is one.</returns>
    public ValueTask<ObjectResult<ObjectDescription>> DescribeAsync(
        string bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        _reader.DescribeAsync(bucket, key, version, cancellationToken);

    /// <summary>Opens a version for reading; null: the current one. Dispose the reader.</summary>
    /// <returns>As DescribeAsync; the delete marker is in the reader's description.</returns>
    public ValueTask<ObjectResult<ObjectReader>> OpenAsync(
        string bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        _reader.OpenAsync(bucket, key, version, cancellationToken);

    /// <summary>
    /// Without a version: removes the null version (unversioned bucket) or puts a delete marker. With one: removes it.
    /// What is not there is deleted successfully.
    /// </summary>
    public ValueTask<ObjectResult<DeleteReceipt>> DeleteAsync(
        string bucket,
        string key,
        VersionId? version,
        WriteCondition? condition,
        CancellationToken cancellationToken) =>
        _remover.DeleteAsync(bucket, key, version, condition, cancellationToken);

    /// <summary>Replaces the tags of a version (null: the current one); empty removes them.</summary>
    public ValueTask<ObjectResult<ObjectDescription>> SetTagsAsync(
        string bucket,
        string key,
        VersionId? version,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        CancellationToken cancellationToken) =>
        _tags.SetAsync(bucket, key, version, tags, cancellationToken);

    public ValueTask<ObjectResult<ObjectPage>> ListAsync(ObjectQuery query, CancellationToken cancellationToken) =>
        _objectLister.ListAsync(query, cancellationToken);

    public ValueTask<ObjectResult<VersionPage>> ListVersionsAsync(
        VersionQuery query, CancellationToken cancellationToken) =>
        _versionLister.ListAsync(query, cancellationToken);

    /// <summary>Begins a multipart upload. The request's condition is not used.</summary>
    public ValueTask<ObjectResult<UploadDescription>> CreateUploadAsync(
        PutRequest request,
        ChecksumAlgorithm? checksum,
        ChecksumType? checksumType,
        CancellationToken cancellationToken) =>
        _uploads.CreateAsync(request, checksum, checksumType, cancellationToken);

    /// <summary>The upload, to know its checksum before a part's body is read.</summary>
    public ValueTask<ObjectResult<UploadDescription>> GetUploadAsync(
        string bucket, string key, string uploadId, CancellationToken cancellationToken) =>
        _uploadReader.GetAsync(bucket, key, uploadId, cancellationToken);

    /// <summary>Stores a part, replacing an earlier one of the number (1..10,000, checked by the caller).</summary>
    public ValueTask<ObjectResult<ObjectPart>> PutPartAsync(
        string bucket,
        string key,
        string uploadId,
        int partNumber,
        IObjectBody body,
        CancellationToken cancellationToken) =>
        _parts.PutAsync(bucket, key, uploadId, partNumber, body, cancellationToken);

    /// <summary>
    /// Turns parts into a version. Repeating a completion that succeeded answers its receipt again. After a failed
    /// condition the upload stays.
    /// </summary>
    public ValueTask<ObjectResult<PutReceipt>> CompleteUploadAsync(
        CompleteRequest request, CancellationToken cancellationToken) =>
        _completion.CompleteAsync(request, cancellationToken);

    /// <summary>Drops an upload and its parts. A completion and an abort at once leave one outcome.</summary>
    public ValueTask<ObjectError> AbortUploadAsync(
        string bucket, string key, string uploadId, CancellationToken cancellationToken) =>
        _abort.AbortAsync(bucket, key, uploadId, cancellationToken);

    /// <summary>Parts behind a number, at most limit.</summary>
    public ValueTask<ObjectResult<PartPage>> ListPartsAsync(
        string bucket, string key, string uploadId, int after, int limit, CancellationToken cancellationToken) =>
        _uploadReader.ListPartsAsync(bucket, key, uploadId, after, limit, cancellationToken);

    public ValueTask<ObjectResult<UploadPage>> ListUploadsAsync(
        UploadQuery query, CancellationToken cancellationToken) =>
        _uploadLister.ListAsync(query, cancellationToken);

    /// <summary>Told when healing of a drive begins and ends; the handler must return at once.</summary>
    public event Action<DriveHealStatus>? Healing
    {
        add => _healer.Changed += value;
        remove => _healer.Changed -= value;
    }

    /// <summary>A drive came, returned or went: what it missed is brought.</summary>
    public void OnDriveChanged() => _healer.OnDriveChanged();

    /// <summary>
    /// Drives whose nodes were found silent, or are about to go: until the next call all others are asked first, and a
    /// write that has its quorum without them counts as missed by them. Never changes what a quorum is.
    /// </summary>
    public void SetDoubted(IReadOnlyCollection<DriveId> drives)
    {
        ArgumentNullException.ThrowIfNull(drives);
        foreach (DriveHandle drive in _engine.Drives)
        {
            drive.Timing.IsDoubted = drives.Contains(drive.Id);
        }
    }

    /// <summary>Has a version looked at on every drive and repaired where it is damaged. Takes no time.</summary>
    public void RequestRepair(RegisterKey key, VersionId slot) => _engine.Repairs.Add(new RepairTicket(key, slot));

    /// <summary>Another node has changed a bucket.</summary>
    public void ForgetBucket(string bucket) => _catalog.Forget(bucket);

    /// <summary>Works by a newer layout from now on.</summary>
    /// <param name="layout">The new one.</param>
    /// <param name="arrived">The drives that are new in it; the store disposes them, and those that left.</param>
    /// <returns>When operations that began by the former layout have ended, or a limit is over.</returns>
    /// <exception cref="ArgumentException">
    /// Something else than drives and placement has changed, or a drive was not given.
    /// </exception>
    public async ValueTask TakeLayoutAsync(StoreLayout layout, IReadOnlyList<IDrive> arrived)
    {
        (StorePlacement former, IReadOnlyList<IDrive> left) = _engine.TakeLayout(layout, arrived);
        foreach (DriveHandle drive in _engine.Drives)
        {
            drive.IsOwn = _ownDrives is null || _ownDrives.Contains(drive.Id);
        }

        _healer.TakeDrives();
        _healer.OnDriveChanged();
        try
        {
            await former.LeftAsync().WaitAsync(_engine.Options.NewerLayoutPatience, _engine.Environment.Time);
        }
        catch (TimeoutException)
        {
            // They will be refused by drives that have shut their layout out, as if these were away.
        }

        foreach (IDrive drive in left)
        {
            await drive.DisposeAsync();
        }
    }

    /// <summary>Whether reads and writes find their quorums now, by the drives that are there; from memory.</summary>
    /// <param name="withoutOwnDrives">As if this node were away.</param>
    public QuorumStatus GetQuorumStatus(bool withoutOwnDrives) => QuorumCount.Of(_engine, withoutOwnDrives);
    /// <summary>Told when a drive refused a call because the layout that it was made by is over; must return at once.</summary>
    public Action Outdated
    {
        set => _engine.Outdated = value;
    }

    /// <summary>
    /// Told once when a drive is set aside because it lags or is silent, as far as this node can tell, and once (None) when
    /// it has answered in time again; must return at once.
    /// </summary>
    public Action<DriveId, AsideReason> AsideChanged
    {
        set => _engine.AsideChanged = value;
    }

    /// <summary>Takes part in moving partitions to where the layout wants them, until the store is closed.</summary>
    /// <param name="register">The layout that the nodes agree on.</param>
    /// <param name="node">This node, as the layout calls it.</param>
    /// <param name="pace">How much of the store's strength the moves may take.</param>
    public void StartMoving(ILayoutRegister register, string node, MovePace pace)
    {
        _mover = new LayoutMover(_engine, register, node, pace);
        _engine.Background.Start(_mover.RunAsync);
    }

    /// <summary>What this node has moved since it began with the present change.</summary>
    public MoveCounts MoveCounts => _mover?.Progress.Counts ?? default;

    /// <summary>The layout that this node works by.</summary>
    public StoreLayout Layout => _engine.Layout;

    /// <summary>How healing stands.</summary>
    public HealStatus GetHealStatus() => _healer.GetStatus();

    /// <summary>Ends background work and closes the drives.</summary>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task EndUnfinishedAsync(CancellationToken cancellationToken)
    {
        await _bucketRemoval.SettleAllAsync(cancellationToken);
        await _sweep.RunAsync(cancellationToken);
    }
}

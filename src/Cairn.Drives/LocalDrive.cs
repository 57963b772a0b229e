using Cairn.Drives.Commit;
using Cairn.Drives.Format;
using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Drives.Reading;
using Cairn.Drives.Records;
using Cairn.Drives.Registers;
using Cairn.Drives.Scrub;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives;

/// <summary>A drive of this node: an index for registers and small shards, files for large ones.</summary>
/// <remarks>
/// Purpose: the surface. Changes go through the committer, reads go to the index beside it, shards to their files;
/// faults of the device become values here.
/// Failure: after a crash the index is as of its last durable batch, which holds everything that was answered; shard
/// files that no row names are swept away in the background after the next opening.
/// See: docs/formats/drive.md for what is on the disk, docs/consistency.md for what it is for.
/// </remarks>
public sealed class LocalDrive : IDrive
{
    private readonly LocalDriveParts _parts;
    private readonly DriveStanding _standing;
    private readonly ShardFiles _files;
    private readonly SpaceGuard _space;
    private readonly HeadCache _heads;
    private readonly Committer _committer;
    private readonly TaskCompletionSource _sweepEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly DriveUse _use = new();
    private int _isDisposed;
    private bool _isSwept;

    private LocalDrive(LocalDriveParts parts, DriveStanding standing)
    {
        _parts = parts;
        _standing = standing;
        _files = new ShardFiles(parts.Files, parts.Scheduler) { OnFault = Report };
        _space = new SpaceGuard(parts.Files, parts.Time, parts.Options);
        _heads = new HeadCache(parts.Options.CachedHeads);
        _committer = new Committer(parts, _heads, standing, _files, _space) { OnFault = Report };
    }

    public DriveId Id => _standing.Id;

    public DriveState State => _standing.State;

    /// <summary>
    /// It refuses what takes room. The room that is kept serves deletes; where that is gone as well the drive is Poisoned,
    /// and what is on it can be read.
    /// </summary>
    public bool IsFull => _space.IsFull;

    public IReadOnlyList<PendingSlot> FindPending(TimeSpan age) => _committer.Pending.Find(age);

    /// <summary>Opens a formatted drive.</summary>
    /// <exception cref="DriveIoException">Not this drive's index, corrupt, or the device failed. Nothing stays open.</exception>
    public static async ValueTask<LocalDrive> OpenAsync(LocalDriveParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        try
        {
            DriveStanding standing = await DriveStanding.LoadAsync(parts.Index, parts.Id);
            IndexBatch batch = new();
            if (!standing.WasUnclean)
            {
                batch.Delete(IndexFamily.System, SystemRow.CleanKey);
                batch.Delete(IndexFamily.System, SystemRow.PendingKey);
            }

            if (parts.LostWrites)
            {
                standing.BeginRecovery(batch);
            }

            if (!batch.IsEmpty)
            {
                await parts.Index.WriteAsync(batch);
            }

            LocalDrive drive = new(parts, standing);
            drive._committer.Start();
            parts.Scheduler.Start(drive.SweepAsync);
            return drive;
        }
        catch
        {
            await parts.Index.DisposeAsync();
            throw;
        }
    }

    public ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SubmitAsync(new AcceptOperation(request), cancellationToken);
    }

    public ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        SubmitAsync(new PrepareOperation(key, ballot, slot), cancellationToken);

    public ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SubmitAsync(new CommitOperation(request), cancellationToken);
    }

    public ValueTask<DriveFault> ForgetAsync(
        RegisterKey key, VersionId slot, Ballot ballot, CancellationToken cancellationToken) =>
        SubmitAsync(new ForgetOperation(key, slot, ballot), cancellationToken);

    public ValueTask<DriveFault> EvictAsync(RegisterKey key, CancellationToken cancellationToken) =>
        SubmitAsync(new EvictOperation(key), cancellationToken);

    public ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        UseAsync(() => RegisterReading.ReadAsync(_parts.Index, _heads, _standing, key, slot, withInline), cancellationToken);

    public ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return UseAsync(() => ListCoreAsync(request), cancellationToken);
    }

    public ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken) =>
        _standing.State == DriveState.Poisoned
            ? ValueTask.FromResult<DriveResult<IShardWriter>>(IsFull ? DriveFault.Full : DriveFault.Poisoned)
            : UseAsync(() => CreateShardCoreAsync(data, sizeHint, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data, CancellationToken cancellationToken) =>
        UseAsync(() => OpenShardCoreAsync(data, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<IShardHold>> HoldShardsAsync(
        IReadOnlyList<DataId> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        return UseAsync(() => HoldShardsCoreAsync(data), cancellationToken);
    }

    public ValueTask<DriveFault> RestoreInlineAsync(
        RegisterKey key, DataId data, ReadOnlyMemory<byte> shard, CancellationToken cancellationToken) =>
        SubmitAsync(new RestoreInlineOperation(key, data, shard.ToArray()), cancellationToken);

    public ValueTask<DriveFault> DropShardAsync(DataId data, CancellationToken cancellationToken) =>
        new(DropShardToItsEndAsync(data).WaitAsync(cancellationToken));

    public ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate, CancellationToken cancellationToken) =>
        SubmitAsync(new BucketGateOperation(gate), cancellationToken);

    public ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync(CancellationToken cancellationToken) =>
        UseAsync(() => ScanAsync(() => BucketGateListing.Run(_parts.Index)), cancellationToken);

    public ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit, CancellationToken cancellationToken) =>
        UseAsync(() => ScanAsync(() => JournalListing.Run(_parts.Index, missing, after, limit)), cancellationToken);

    public ValueTask<DriveFault> ClearMissedAsync(
        IReadOnlyList<MissedWrite> repaired, CancellationToken cancellationToken) =>
        SubmitAsync(new ClearMissedOperation(repaired), cancellationToken);

    public ValueTask<DriveFault> EndRecoveryAsync(CancellationToken cancellationToken) =>
        SubmitAsync(new EndRecoveryOperation(_standing), cancellationToken);

    public ValueTask<DriveResult<DriveUsage>> StatAsync(CancellationToken cancellationToken) =>
        UseAsync(() => _parts.Files.StatAsync(cancellationToken), cancellationToken);

    /// <summary>Looks whether a full drive has room again. One that is Poisoned has to be opened anew then.</summary>
    public async ValueTask<bool> TryFindRoomAsync(CancellationToken cancellationToken)
    {
        DriveResult<bool> found = await UseAsync(
            () => _space.TryFindRoomAsync(forDeletes: State == DriveState.Poisoned), cancellationToken);
        return found.IsOk && found.Value;
    }

    /// <summary>
    /// Reads and checks a part of the drive (see ScrubPace for all of it). Beside everything else; findings say what to repair.
    /// </summary>
    /// <param name="from">Where to go on; the default value to begin.</param>
    /// <param name="maxBytes">The step ends with the row or shard that reaches this many bytes.</param>
    /// <param name="cancellationToken">The step has no result.</param>
    public ValueTask<DriveResult<ScrubStep>> ScrubAsync(
        ScrubCheckpoint from, long maxBytes, CancellationToken cancellationToken) =>
        UseAsync(
            () => new DriveScrubber(_parts.Index, _files, SubmitAsync).RunAsync(from, maxBytes, cancellationToken),
            cancellationToken);

    /// <summary>A document of the layers above; null when there is none of that name.</summary>
    public ValueTask<DriveResult<byte[]?>> ReadDocumentAsync(string name, CancellationToken cancellationToken) =>
        UseAsync(
            () => DriveDocuments.ReadAsync(_parts.Files, DriveFolders.DocumentPath(name), cancellationToken),
            cancellationToken);

    /// <summary>Puts or replaces a document, atomically. Durable on success. One writer per name at a time.</summary>
    public async ValueTask<DriveFault> WriteDocumentAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        DriveResult<bool> result = await UseAsync(
            async () =>
            {
                await _parts.Files.EnsureDirectoryAsync(DriveFolders.Documents, cancellationToken);
                await DriveDocuments.WriteAsync(
                    _parts.Files, DriveFolders.DocumentPath(name), content, cancellationToken);
                return true;
            },
            cancellationToken);
        return result.Fault;
    }

    /// <summary>Answers what is queued, removes shards nobody named, and marks the end as orderly if it was one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        bool wasPoisoned = _standing.State == DriveState.Poisoned;
        _standing.Close();
        _closing.Cancel();
        await _committer.DisposeAsync();
        await _sweepEnded.Task;
        await _use.EndAsync();
        await _files.CloseAsync();
        if (!wasPoisoned)
        {
            await TryMarkCleanAsync();
        }

        await _parts.Index.DisposeAsync();
        _closing.Dispose();
    }

    private async ValueTask<IShardWriter> CreateShardCoreAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken)
    {
        if (await _space.IsFullAsync(ShardLayout.FileSize(sizeHint)))
        {
            throw new DriveIoException(DriveFault.Full, "Too little room for a shard.");
        }

        (IDriveFile file, ShardClaim claim) = await _files.CreateAsync(data, cancellationToken);
        return new LocalShardWriter(claim, file, _files, ReportShard);
    }

    // Once begun it goes on when the caller does not wait any more: half done it would leave an orphan.
    private async Task<DriveFault> DropShardToItsEndAsync(DataId data)
    {
        DriveResult<DriveFault> result = await UseAsync(
            () => new ShardDrop(_parts.Index, _files, SubmitAsync).RunAsync(data), CancellationToken.None);
        return result.IsOk ? result.Value : result.Fault;
    }

    private async ValueTask<IShardReader> OpenShardCoreAsync(DataId data, CancellationToken cancellationToken)
    {
        byte[] key = ShardRow.Key(data);
        byte[] row = await _parts.Index.GetAsync(IndexFamily.Shards, key)
            ?? _files.Holds.FindRow(data)
            ?? throw new DriveIoException(DriveFault.NotFound, $"Shard {data} is not on this drive.");
        if (ShardRow.TryGetInline(key, row, out ReadOnlyMemory<byte> inline))
        {
            return new InlineShardReader(inline);
        }

        IDriveFile file = await _files.OpenAsync(data, cancellationToken);
        return await LocalShardReader.OpenAsync(
            data, file, ShardRow.Decode(key, row).FileLength, Report, cancellationToken);
    }

    private async ValueTask<IShardHold> HoldShardsCoreAsync(IReadOnlyList<DataId> wanted)
    {
        HashSet<DataId> held = [];
        foreach (DataId data in wanted)
        {
            if (!held.Contains(data) && await TryHoldAsync(data))
            {
                held.Add(data);
            }
        }

        return new LocalShardHold(_files, held);
    }

    // A row that cannot be read holds nothing: the shard is as good as missing.
    private async ValueTask<bool> TryHoldAsync(DataId data)
    {
        byte[]? row = null;
        _files.Holds.Register(data);
        try
        {
            row = await _parts.Index.GetAsync(IndexFamily.Shards, ShardRow.Key(data)) ?? _files.Holds.FindRow(data);
        }
        catch (DriveIoException e)
        {
            Report(e);
        }

        if (row is null)
        {
            _files.Release(data);
            return false;
        }

        _files.Holds.Keep(data, row);
        return true;
    }

    private async ValueTask<T> ScanAsync<T>(Func<T> scan)
    {
        T? found = default;
        await _parts.Index.ScanAsync(() => found = scan());
        return found!;
    }

    // The mark is looked up before the listing's view is opened: whatever the drive accepted until it was closed is in
    // the view.
    private async ValueTask<ListReply> ListCoreAsync(ListRequest request)
    {
        bool isVoting = _standing.IsVoting;
        if (request.OnlyIfClosed)
        {
            byte[] key = SystemRow.GateKey(request.Bucket);
            isVoting &= await _parts.Index.GetAsync(IndexFamily.System, key) is { } row
                && SystemRow.DecodeGate(key, row).IsClosed;
        }

        // The floor after the view: it tells of every removal that was forgotten before.
        ListReply reply = await ScanAsync(new RegisterListing(_parts.Index, request, isVoting).Run);
        Ballot floor = _standing.Forgotten;
        return floor > reply.Floor ? reply with { Floor = floor } : reply;
    }

    /// <summary>Runs a read while the index is kept open, and turns its faults into values.</summary>
    private async ValueTask<DriveResult<T>> UseAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_standing.State == DriveState.Offline || !_use.TryEnter())
        {
            return DriveFault.Offline;
        }

        try
        {
            return new DriveResult<T>(DriveFault.None, await call());
        }
        catch (DriveIoException e)
        {
            Report(e);
            return e.Fault;
        }
        finally
        {
            _use.Exit();
        }
    }

    private ValueTask<TAnswer> SubmitAsync<TAnswer>(
        AnsweredOperation<TAnswer> operation, CancellationToken cancellationToken) =>
        operation.SubmitTo(_committer, cancellationToken);

    private ValueTask<DriveFault> SubmitAsync(FaultOperation operation) => SubmitAsync(operation, CancellationToken.None);

    private async Task SweepAsync()
    {
        try
        {
            bool isRecalled = !_standing.MayHavePending || await TryRecallPendingAsync();
            if (_standing.WasUnclean)
            {
                await OrphanSweep.RunAsync(_parts.Index, _parts.Files, _files, _closing.Token);
            }

            _isSwept = isRecalled;
        }
        catch (DriveIoException e)
        {
            Report(e);
        }
        catch (OperationCanceledException)
        {
            // The drive is closing: without the mark of an orderly end the next opening sweeps again.
        }
        finally
        {
            _sweepEnded.SetResult();
        }
    }

    /// <returns>False: what is left waits for a reader, or for the next opening.</returns>
    private async ValueTask<bool> TryRecallPendingAsync()
    {
        bool isRecalled = true;
        PendingScan scan = new(_parts.Index);
        while (!scan.IsEnd)
        {
            _closing.Token.ThrowIfCancellationRequested();
            foreach (RegisterKey key in await scan.NextAsync())
            {
                isRecalled &= await SubmitAsync(new RecallOperation(key)) == DriveFault.None;
            }
        }

        return isRecalled;
    }

    private async ValueTask TryMarkCleanAsync()
    {
        try
        {
            if (_isSwept && await _files.TryTidyAsync())
            {
                IndexBatch batch = new();
                batch.Put(IndexFamily.System, SystemRow.CleanKey, SystemRow.EncodeMark(SystemRow.CleanKey));
                if (!_committer.Pending.IsEmpty)
                {
                    batch.Put(IndexFamily.System, SystemRow.PendingKey, SystemRow.EncodeMark(SystemRow.PendingKey));
                }

                await _parts.Index.WriteAsync(batch);
            }
        }
        catch (DriveIoException e)
        {
            Report(e);
        }
    }

    private void ReportShard(DriveIoException fault, bool isSync)
    {
        Report(fault);
        if (isSync)
        {
            _standing.Poison();
        }
    }

    private void Report(DriveIoException fault)
    {
        if (fault.Fault == DriveFault.Full)
        {
            _space.NoteFull();
        }

        _parts.OnFault?.Invoke(fault);
    }
}

using Cairn.Drives.Os;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Bays;

/// <summary>A place for a drive: the drive that is in it while it is there, and Offline while it is not.</summary>
/// <remarks>
/// Purpose: drives are pulled, unmounted, emptied and put back while the node runs. The layers above keep one IDrive.
/// Steps: (1) look at the path, every period and at once after a fault of the device; (2) when it no longer leads to
/// the drive that was opened, take the drive out, so that nothing more is answered, and close it; (3) when the drive
/// that belongs here is there again, or a poisoned one can be opened afresh, put it in; (4) when its index is damaged and
/// the other drives are well, begin the index anew, which leaves a recovering drive to be rebuilt; (5) a full drive stays
/// in, to be read, until it has room: opened before, it would fail with its next write.
/// Invariants: at most one drive is open; only the drive with the bay's id is ever put in.
/// Concurrency: calls from anywhere; one loop watches.
/// </remarks>
public sealed class DriveBay : IDrive
{
    private readonly DriveBayParts _parts;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MountedDrive? _mounted;
    private volatile bool _isIndexDamaged;
    private bool _toldDamage;
    private bool _toldFull;
    private DriveState _toldState = DriveState.Offline;
    private TimeSpan _retryPause;
    private int _isDisposed;

    private DriveBay(DriveBayParts parts) => _parts = parts;

    /// <summary>
    /// Raised after State, Problem, IsFull or IsIndexDamaged changed, from the watching loop; the handler must return at once. A
    /// poisoned drive is told within a period.
    /// </summary>
    public event Action<DriveBay>? Changed;

    public DriveId Id => _parts.Id;

    /// <summary>How users name the place: its path.</summary>
    public string Name => _parts.Name;

    public DriveState State => _mounted?.Drive.State ?? DriveState.Offline;

    public IReadOnlyList<PendingSlot> FindPending(TimeSpan age) => _mounted?.Drive.FindPending(age) ?? [];

    /// <summary>Why there is no drive, as a sentence for the user; null while there is one.</summary>
    public string? Problem { get; private set; }

    /// <summary>The drive's index is damaged; it is begun anew as soon as all other drives are well.</summary>
    public bool IsIndexDamaged => _isIndexDamaged;

    /// <summary>The drive has too little room left to take data.</summary>
    public bool IsFull => _mounted?.Drive.IsFull ?? false;

    /// <summary>Opens the bay, with its drive if that is there.</summary>
    public static async ValueTask<DriveBay> OpenAsync(DriveBayParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        DriveBay bay = new(parts);
        await bay.TryMountAsync();
        bay._toldState = bay.State;
        parts.Scheduler.Start(bay.WatchAsync);
        return bay;
    }

    public ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.AcceptAsync(request, cancellationToken) : Absent<AcceptReply>();

    public ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.PrepareAsync(key, ballot, slot, cancellationToken) : Absent<PrepareReply>();

    public ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.CommitAsync(request, cancellationToken) : Absent();

    public ValueTask<DriveFault> ForgetAsync(
        RegisterKey key, VersionId slot, Ballot ballot, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.ForgetAsync(key, slot, ballot, cancellationToken) : Absent();

    public ValueTask<DriveFault> EvictAsync(RegisterKey key, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.EvictAsync(key, cancellationToken) : Absent();

    public ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.ReadAsync(key, slot, withInline, cancellationToken) : Absent<RegisterView>();

    public ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.ListAsync(request, cancellationToken) : Absent<ListReply>();

    public ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.CreateShardAsync(data, sizeHint, cancellationToken) : Absent<IShardWriter>();

    public ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.OpenShardAsync(data, cancellationToken) : Absent<IShardReader>();

    public ValueTask<DriveResult<IShardHold>> HoldShardsAsync(
        IReadOnlyList<DataId> data, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.HoldShardsAsync(data, cancellationToken) : Absent<IShardHold>();

    public ValueTask<DriveFault> RestoreInlineAsync(
        RegisterKey key, DataId data, ReadOnlyMemory<byte> shard, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.RestoreInlineAsync(key, data, shard, cancellationToken) : Absent();

    public ValueTask<DriveFault> DropShardAsync(DataId data, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.DropShardAsync(data, cancellationToken) : Absent();

    public ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.SetBucketGateAsync(gate, cancellationToken) : Absent();

    public ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync(CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.ListBucketGatesAsync(cancellationToken) : Absent<IReadOnlyList<BucketGate>>();

    public ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit, CancellationToken cancellationToken) =>
        Drive is { } drive
            ? drive.ListMissedAsync(missing, after, limit, cancellationToken)
            : Absent<IReadOnlyList<MissedWrite>>();

    public ValueTask<DriveFault> ClearMissedAsync(
        IReadOnlyList<MissedWrite> repaired, CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.ClearMissedAsync(repaired, cancellationToken) : Absent();

    public ValueTask<DriveFault> EndRecoveryAsync(CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.EndRecoveryAsync(cancellationToken) : Absent();

    public ValueTask<DriveResult<DriveUsage>> StatAsync(CancellationToken cancellationToken) =>
        Drive is { } drive ? drive.StatAsync(cancellationToken) : Absent<DriveUsage>();

    /// <summary>Closes the drive. May wait for a device that hangs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _closing.Cancel();
        Wake();
        await _stopped.Task;
        await UnmountAsync("The node is closing.");
        _closing.Dispose();
    }

    /// <summary>The drive itself while it is there, for what is not in IDrive.</summary>
    public LocalDrive? Drive => _mounted?.Drive;

    private static ValueTask<DriveResult<T>> Absent<T>() => new(DriveFault.Offline);

    private static ValueTask<DriveFault> Absent() => new(DriveFault.Offline);

    // (1)
    private async Task WatchAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                TellChange();
                await PauseAsync();
                if (!_closing.IsCancellationRequested)
                {
                    await LookAsync();
                }
            }
        }
        finally
        {
            _stopped.SetResult();
        }
    }

    private async ValueTask LookAsync()
    {
        if (_mounted is { } mounted && !await IsPresentAsync(mounted))
        {
            _retryPause = TimeSpan.Zero;
            await UnmountAsync($"The drive at {Name} is gone. Put it back; it will be taken in again.");
        }

        if (_isIndexDamaged && _parts.MayRenewIndex())
        {
            await RenewIndexAsync();
        }

        bool wasFull = IsFull;
        if (wasFull && !await Drive!.TryFindRoomAsync(_closing.Token)) // (5)
        {
            return;
        }

        if (State is DriveState.Online or DriveState.Recovering)
        {
            _retryPause = TimeSpan.Zero;
            return;
        }

        // Whoever is there and does not open, or fails again at once, is tried less and less often.
        await UnmountAsync($"The drive at {Name} {(wasFull ? "has room again" : "failed a write")} and is being opened again.");
        await TryMountAsync();
        TimeSpan pause = _retryPause == TimeSpan.Zero ? _parts.ProbePeriod : _retryPause * 2;
        _retryPause = pause < _parts.MaxRetryPause ? pause : _parts.MaxRetryPause;
    }

    private static async ValueTask<bool> IsPresentAsync(MountedDrive mounted)
    {
        try
        {
            return await mounted.IsPresentAsync();
        }
        catch (DriveIoException)
        {
            // A device that cannot even be looked at is gone for all that matters.
            return false;
        }
    }

    // (2)
    private async ValueTask UnmountAsync(string problem)
    {
        if (_mounted is not { } mounted)
        {
            return;
        }

        Problem = problem;
        _mounted = null;
        TellChange();
        await mounted.ReleaseAsync();
    }

    // (3)
    private async ValueTask TryMountAsync()
    {
        try
        {
            _mounted = await _parts.MountAsync(OnFault);
            Problem = null;
        }
        catch (DriveIoException e)
        {
            _isIndexDamaged |= e.IsOfIndex;
            Problem = e.IsOfIndex
                ? e.Message + " It is rebuilt once all other drives are well; if they cannot be, empty its folder and restart the node."
                : e.Message;
        }
    }

    // (4)
    private async ValueTask RenewIndexAsync()
    {
        await UnmountAsync($"The index of the drive at {Name} is damaged and is begun anew.");
        try
        {
            await _parts.RenewIndexAsync();
            _isIndexDamaged = false;
        }
        catch (DriveIoException e)
        {
            Problem = e.Message;
        }
    }

    private void OnFault(DriveIoException fault)
    {
        if (fault.IsOfIndex && !_isIndexDamaged)
        {
            _isIndexDamaged = true;
            Wake();
        }

        if (fault.Fault is DriveFault.Io or DriveFault.Offline or DriveFault.NotFound or DriveFault.Poisoned)
        {
            Wake();
        }
    }

    private void Wake() => Volatile.Read(ref _wake).TrySetResult();

    private async ValueTask PauseAsync()
    {
        TimeSpan pause = _retryPause > _parts.ProbePeriod ? _retryPause : _parts.ProbePeriod;
        using CancellationTokenSource timer = new(pause, _parts.Time);
        TaskCompletionSource wake = Volatile.Read(ref _wake);
        await using (timer.Token.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), wake))
        {
            await wake.Task;
        }

        Volatile.Write(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private void TellChange()
    {
        DriveState state = State;
        bool isIndexDamaged = _isIndexDamaged;
        bool isFull = IsFull;
        if (isFull && _toldFull)
        {
            // Poisoned by now, perhaps, for no other reason.
            return;
        }

        if (state != _toldState || isIndexDamaged != _toldDamage || isFull != _toldFull)
        {
            _toldState = state;
            _toldFull = isFull;
            _toldDamage = isIndexDamaged;
            Changed?.Invoke(this);
        }
    }
}

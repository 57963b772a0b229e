using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.UnitTests.Objects.Commit;

/// <summary>A drive that fails on request, before or after it has done what it was asked.</summary>
/// <remarks>Shards that are open already are not interfered with, apart from Hang.</remarks>
internal sealed class FaultyDrive(IDrive inner) : IDrive
{
    // Continuations run inside: WaitAsync would otherwise take them to the thread pool, out of the simulated world.
    private TaskCompletionSource _released = new();
    private bool _isHanging;
    private string? _hanging;

    public IDrive Inner { get; set; } = inner;

    public DriveId Id => Inner.Id;

    public DriveState State => IsOffline ? DriveState.Offline : Inner.State;

    public IReadOnlyList<PendingSlot> FindPending(TimeSpan age) => Inner.FindPending(age);

    public bool IsOffline { get; set; }

    /// <summary>By name of the operation (without Async): the fault to answer instead of doing anything.</summary>
    public Func<string, DriveFault>? Refuse { get; set; }

    /// <summary>The fault to answer to a listing instead of it.</summary>
    public Func<ListRequest, DriveFault>? RefuseList { get; set; }

    /// <summary>By name of the operation: do it, then say that the time ran out.</summary>
    public Func<string, bool>? LoseAnswer { get; set; }

    /// <summary>The way to the drive, and back.</summary>
    public Func<Task>? Travel { get; set; }

    public Dictionary<string, int> Calls { get; } = [];

    public List<string> Log { get; } = [];

    /// <summary>From now on calls (of one operation) do not come back until Release, or their deadline.</summary>
    public void Hang(string? operation = null)
    {
        _isHanging = true;
        _hanging = operation;
        _released = new TaskCompletionSource();
    }

    public void Release()
    {
        _isHanging = false;
        _released.TrySetResult();
    }

    /// <summary>Calls that fail instead of doing anything: which of each operation, counted from one.</summary>
    public void Miss(params (string Operation, int Number)[] missed) =>
        Refuse = operation => missed.Contains((operation, CallsOf(operation))) ? DriveFault.Io : DriveFault.None;

    public int CallsOf(string operation) => Calls.GetValueOrDefault(operation);

    public ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request, CancellationToken cancellationToken) =>
        CallAsync("Accept", () => Inner.AcceptAsync(request, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        CallAsync("Prepare", () => Inner.PrepareAsync(key, ballot, slot, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        CallAsync("Commit", () => Inner.CommitAsync(request, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> EvictAsync(RegisterKey key, CancellationToken cancellationToken) =>
        CallAsync("Evict", () => Inner.EvictAsync(key, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync(CancellationToken cancellationToken) =>
        CallAsync("ListBucketGates", () => Inner.ListBucketGatesAsync(cancellationToken), cancellationToken);

    public ValueTask<DriveFault> ForgetAsync(
        RegisterKey key, VersionId slot, Ballot ballot, CancellationToken cancellationToken) =>
        CallAsync("Forget", () => Inner.ForgetAsync(key, slot, ballot, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        CallAsync("Read", () => Inner.ReadAsync(key, slot, withInline, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request, CancellationToken cancellationToken) =>
        RefuseList?.Invoke(request) is { } fault and not DriveFault.None
            ? ValueTask.FromResult<DriveResult<ListReply>>(fault)
            : CallAsync("List", () => Inner.ListAsync(request, cancellationToken), cancellationToken);

    public async ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken)
    {
        DriveResult<IShardWriter> created = await CallAsync(
            "CreateShard", () => Inner.CreateShardAsync(data, sizeHint, cancellationToken), cancellationToken);
        return created.IsOk ? new Writer(this, created.Value) : created;
    }

    public async ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data, CancellationToken cancellationToken)
    {
        DriveResult<IShardReader> opened = await CallAsync(
            "OpenShard", () => Inner.OpenShardAsync(data, cancellationToken), cancellationToken);
        return opened.IsOk ? new Reader(this, opened.Value) : opened;
    }

    public ValueTask<DriveResult<IShardHold>> HoldShardsAsync(
        IReadOnlyList<DataId> data, CancellationToken cancellationToken) =>
        CallAsync("HoldShards", () => Inner.HoldShardsAsync(data, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> RestoreInlineAsync(
        RegisterKey key, DataId data, ReadOnlyMemory<byte> shard, CancellationToken cancellationToken) =>
        CallAsync("RestoreInline", () => Inner.RestoreInlineAsync(key, data, shard, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> DropShardAsync(DataId data, CancellationToken cancellationToken) =>
        CallAsync("DropShard", () => Inner.DropShardAsync(data, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate, CancellationToken cancellationToken) =>
        CallAsync("SetBucketGate", () => Inner.SetBucketGateAsync(gate, cancellationToken), cancellationToken);

    public ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit, CancellationToken cancellationToken) =>
        CallAsync("ListMissed", () => Inner.ListMissedAsync(missing, after, limit, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> ClearMissedAsync(
        IReadOnlyList<MissedWrite> repaired, CancellationToken cancellationToken) =>
        CallAsync("ClearMissed", () => Inner.ClearMissedAsync(repaired, cancellationToken), cancellationToken);

    public ValueTask<DriveFault> EndRecoveryAsync(CancellationToken cancellationToken) =>
        CallAsync("EndRecovery", () => Inner.EndRecoveryAsync(cancellationToken), cancellationToken);

    public ValueTask<DriveResult<DriveUsage>> StatAsync(CancellationToken cancellationToken) =>
        CallAsync("Stat", () => Inner.StatAsync(cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    private async ValueTask<DriveResult<T>> CallAsync<T>(
        string operation, Func<ValueTask<DriveResult<T>>> call, CancellationToken cancellationToken)
    {
        DriveFault refusal = await BeginAsync(operation, cancellationToken);
        if (refusal != DriveFault.None)
        {
            return refusal;
        }

        DriveResult<T> result = await call();
        await (Travel?.Invoke() ?? Task.CompletedTask);
        return LoseAnswer?.Invoke(operation) == true ? DriveFault.Timeout : result;
    }

    private async ValueTask<DriveFault> CallAsync(
        string operation, Func<ValueTask<DriveFault>> call, CancellationToken cancellationToken)
    {
        DriveFault refusal = await BeginAsync(operation, cancellationToken);
        if (refusal != DriveFault.None)
        {
            return refusal;
        }

        DriveFault result = await call();
        await (Travel?.Invoke() ?? Task.CompletedTask);
        return LoseAnswer?.Invoke(operation) == true ? DriveFault.Timeout : result;
    }

    private async ValueTask<DriveFault> BeginAsync(string operation, CancellationToken cancellationToken)
    {
        Calls[operation] = CallsOf(operation) + 1;
        Log.Add(operation);
        if (IsOffline)
        {
            return DriveFault.Offline;
        }

        if (_isHanging && (_hanging ?? operation) == operation)
        {
            await _released.Task.WaitAsync(cancellationToken);
        }

        await (Travel?.Invoke() ?? Task.CompletedTask);

        return Refuse?.Invoke(operation) ?? DriveFault.None;
    }

    private sealed class Writer(FaultyDrive drive, IShardWriter inner) : IShardWriter
    {
        public ValueTask<DriveFault> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            drive.CallAsync("Write", () => inner.WriteAsync(bytes, cancellationToken), cancellationToken);

        public ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken) =>
            drive.CallAsync("Seal", () => inner.SealAsync(cancellationToken), cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Reader(FaultyDrive drive, IShardReader inner) : IShardReader
    {
        public long Length => inner.Length;

        public ValueTask<DriveResult<int>> ReadAsync(
            long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            drive.CallAsync("ReadShard", () => inner.ReadAsync(offset, destination, cancellationToken), cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

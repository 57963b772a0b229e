using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Quorum;

/// <summary>A place in the layout and the drive that is in it now, if any; every call to a drive passes here.</summary>
/// <remarks>
/// Purpose: one place for the deadline of drive calls, for what is learnt from their times, and for a drive that comes
/// and goes. Invariants: a call never throws for the deadline, it answers Timeout; a drive that keeps silent is skipped
/// for a while (DriveTiming.IsSilent).
/// Concurrency: any caller.
/// </remarks>
internal sealed class DriveHandle(int index, DriveId id, DriveTiming timing, PromiseRest rest)
{
    private volatile IDrive? _drive;
    private volatile bool _isRested;

    /// <summary>Number in the layout.</summary>
    public int Index => index;

    /// <summary>Of the drive that has the place by the layout, whether or not it is there.</summary>
    public DriveId Id { get; private set; } = id;

    /// <summary>Its healing is this node's business.</summary>
    public bool IsOwn { get; set; } = true;

    public DriveTiming Timing => timing;

    public DriveState State => _drive?.State ?? DriveState.Offline;

    /// <summary>
    /// Its accepts count: it votes, or it is recovering and nothing is under way any more that could rest on a promise
    /// of its predecessor. Its silence about a value still proves nothing until it is rebuilt.
    /// </summary>
    /// <remarks>
    /// Without this, a value that may have been chosen could not be made certain when more drives were replaced than a
    /// write quorum can do without, and the rebuild would wait for it for ever.
    /// </remarks>
    public bool IsAcceptor => State == DriveState.Online || (State == DriveState.Recovering && _isRested);

    /// <summary>
    /// An accept that the drive answered without a vote counts: it is recovering, or has lost the register's row, and
    /// nothing is under way any more that could rest on a promise which was lost.
    /// </summary>
    public bool IsRestedFor(RegisterKey key) =>
        State == DriveState.Recovering ? IsAcceptor : State == DriveState.Online && rest.IsOver(key);

    /// <summary>Everything that began before the drive took its place is over.</summary>
    public void EndRest() => _isRested = true;

    /// <summary>The drive has just been found recovering, or recovers no more: the next loss is another one.</summary>
    public void BeginRest() => _isRested = false;

    /// <summary>Puts a drive into its place, or (null) takes it out. The former one is not disposed.</summary>
    public void Attach(IDrive? drive)
    {
        _drive = drive;
        _isRested = false;
        timing.Reset();
        rest.Clear();
    }

    /// <summary>Another drive has the place by the layout from now on.</summary>
    /// <returns>The former one.</returns>
    public IDrive? Replace(IDrive next)
    {
        IDrive? former = _drive;
        Id = next.Id;
        Attach(next);
        return former;
    }

    /// <summary>The drive itself, for its owner to dispose.</summary>
    public IDrive? Drive => _drive;

    public ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request, long epoch) =>
        _drive is { } drive
            ? Guard(drive.At(epoch).AcceptAsync(request, timing.Deadline()), DriveCall.Write)
            : Absent<AcceptReply>();

    public ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, long epoch) =>
        _drive is { } drive
            ? Guard(drive.At(epoch).PrepareAsync(key, ballot, slot, timing.Deadline()), DriveCall.Write)
            : Absent<PrepareReply>();

    public ValueTask<DriveFault> CommitAsync(CommitRequest request) =>
        _drive is { } drive ? Guard(drive.CommitAsync(request, timing.Deadline()), DriveCall.Write) : Absent();

    public ValueTask<DriveFault> ForgetAsync(RegisterKey key, VersionId slot, Ballot ballot) =>
        _drive is { } drive ? Guard(drive.ForgetAsync(key, slot, ballot, timing.Deadline()), DriveCall.Write) : Absent();

    public ValueTask<DriveFault> EvictAsync(RegisterKey key) =>
        _drive is { } drive ? Guard(drive.EvictAsync(key, timing.Deadline()), DriveCall.Write) : Absent();

    public ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, long epoch) =>
        _drive is { } drive
            ? Guard(drive.At(epoch).ReadAsync(key, slot, withInline, timing.Deadline()), DriveCall.Read)
            : Absent<RegisterView>();

    public ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request, long epoch) =>
        _drive is { } drive
            ? Guard(drive.At(epoch).ListAsync(request, timing.Deadline()), DriveCall.List)
            : Absent<ListReply>();

    public ValueTask<DriveResult<IShardWriter>> CreateShardAsync(DataId data, long sizeHint) =>
        _drive is { } drive
            ? Guard(drive.CreateShardAsync(data, sizeHint, timing.Deadline()), DriveCall.Write)
            : Absent<IShardWriter>();

    public ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data) =>
        _drive is { } drive
            ? Guard(drive.OpenShardAsync(data, timing.Deadline()), DriveCall.List)
            : Absent<IShardReader>();

    public ValueTask<DriveResult<IShardHold>> HoldShardsAsync(IReadOnlyList<DataId> data) =>
        _drive is { } drive
            ? Guard(drive.HoldShardsAsync(data, timing.Deadline()), DriveCall.List)
            : Absent<IShardHold>();

    public ValueTask<DriveResult<int>> ReadShardAsync(IShardReader reader, long offset, Memory<byte> destination) =>
        Guard(reader.ReadAsync(offset, destination, timing.Deadline()), DriveCall.ReadShard);

    public ValueTask<DriveFault> WriteShardAsync(IShardWriter writer, ReadOnlyMemory<byte> bytes) =>
        Guard(writer.WriteAsync(bytes, timing.Deadline()), DriveCall.Write);

    public ValueTask<DriveFault> WriteShardAsync(IShardWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> runs) =>
        Guard(writer.WriteAsync(runs, timing.Deadline()), DriveCall.Write);

    public ValueTask<DriveFault> SealShardAsync(IShardWriter writer) =>
        Guard(writer.SealAsync(timing.Deadline()), DriveCall.Seal);

    public ValueTask<DriveFault> RestoreInlineAsync(RegisterKey key, DataId data, ReadOnlyMemory<byte> shard) =>
        _drive is { } drive
            ? Guard(drive.RestoreInlineAsync(key, data, shard, timing.Deadline()), DriveCall.Write)
            : Absent();

    public ValueTask<DriveFault> DropShardAsync(DataId data) =>
        _drive is { } drive ? Guard(drive.DropShardAsync(data, timing.Deadline()), DriveCall.Write) : Absent();

    public ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate) =>
        _drive is { } drive
            ? Guard(drive.SetBucketGateAsync(gate, timing.Deadline()), DriveCall.Write)
            : Absent();

    public ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync() =>
        _drive is { } drive
            ? Guard(drive.ListBucketGatesAsync(timing.Deadline()), DriveCall.List)
            : Absent<IReadOnlyList<BucketGate>>();

    public ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit) =>
        _drive is { } drive
            ? Guard(drive.ListMissedAsync(missing, after, limit, timing.Deadline()), DriveCall.List)
            : Absent<IReadOnlyList<MissedWrite>>();

    public ValueTask<DriveFault> ClearMissedAsync(IReadOnlyList<MissedWrite> repaired)
    {
        // Before the rows vote again: whatever they lose after that is another loss.
        foreach (MissedWrite line in repaired)
        {
            if (line.Drive == Id)
            {
                rest.End(line.Key);
            }
        }

        return _drive is { } drive ? Guard(drive.ClearMissedAsync(repaired, timing.Deadline()), DriveCall.Write) : Absent();
    }

    public ValueTask<DriveFault> EndRecoveryAsync() =>
        _drive is { } drive ? Guard(drive.EndRecoveryAsync(timing.Deadline()), DriveCall.Write) : Absent();

    public ValueTask<DriveResult<DriveUsage>> StatAsync() =>
        _drive is { } drive ? Guard(drive.StatAsync(timing.Deadline()), DriveCall.Read) : Absent<DriveUsage>();

    private static ValueTask<DriveResult<T>> Absent<T>() => new(DriveFault.Offline);

    private static ValueTask<DriveFault> Absent() => new(DriveFault.Offline);

    // A call that was answered at once says nothing about the device's latency and costs no clock reading.
    private ValueTask<DriveResult<T>> Guard<T>(ValueTask<DriveResult<T>> call, DriveCall kind) =>
        call.IsCompletedSuccessfully ? call : AwaitAsync(call, kind);

    private ValueTask<DriveFault> Guard(ValueTask<DriveFault> call, DriveCall kind) =>
        call.IsCompletedSuccessfully ? call : AwaitAsync(call, kind);

    private async ValueTask<DriveResult<T>> AwaitAsync<T>(ValueTask<DriveResult<T>> call, DriveCall kind)
    {
        long started = timing.Begin();
        DriveResult<T> result;
        try
        {
            result = await call;
        }
        catch (OperationCanceledException)
        {
            result = DriveFault.Timeout;
        }

        timing.End(kind, started, result.Fault);
        return result;
    }

    private async ValueTask<DriveFault> AwaitAsync(ValueTask<DriveFault> call, DriveCall kind)
    {
        long started = timing.Begin();
        DriveFault fault;
        try
        {
            fault = await call;
        }
        catch (OperationCanceledException)
        {
            fault = DriveFault.Timeout;
        }

        timing.End(kind, started, fault);
        return fault;
    }
}

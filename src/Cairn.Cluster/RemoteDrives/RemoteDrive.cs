using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A drive of another node.</summary>
/// <remarks>
/// Purpose: the same contract as a drive of this node. Each operation is one call; it is sent once and never repeated
/// here, since only the caller can know whether a repetition is harmless.
/// Failure: no connection, or one that broke before the answer: Offline, and it may or may not have happened. Busy:
/// surely not. Cancelled: the other node is told, and may or may not have done it.
/// Ownership: disposing it ends the use of the drive from here; the drive itself belongs to its node.
/// </remarks>
public sealed partial class RemoteDrive : IDrive
{
    // The fixed fields of a request: drive, key, ballots, flags.
    private const int RequestCapacity = 512;

    private readonly RemoteNode _node;
    private readonly CommitGathering _commits;
    private volatile bool _isDisposed;
    private volatile int _state = (int)DriveState.Offline;
    private volatile RemoteDriveCaller? _latest;

    internal RemoteDrive(RemoteNode node, DriveId id)
    {
        _node = node;
        _commits = new CommitGathering(SendCommitsAsync);
        Id = id;
    }

    /// <summary>Raised after State changed; the handler must return at once.</summary>
    public event Action<RemoteDrive>? Changed;

    public DriveId Id { get; }

    /// <summary>As last told by the node, with each answer and at each change.</summary>
    public DriveState State =>
        _isDisposed || !_node.Link.IsConnected ? DriveState.Offline : (DriveState)_state;

    internal RemoteNode Node => _node;

    /// <inheritdoc/>
    /// <remarks>Epoch 0 stands for layouts that never changed: its calls are those that nodes of the first release know.</remarks>
    public IDrive At(long epoch)
    {
        if (epoch == 0)
        {
            return this;
        }

        RemoteDriveCaller? latest = _latest;
        if (latest?.Epoch != epoch)
        {
            _latest = latest = new RemoteDriveCaller(this, epoch);
        }

        return latest;
    }

    public ValueTask<DriveResult<AcceptReply>> AcceptAsync(AcceptRequest request, CancellationToken cancellationToken) =>
        AcceptAsync(request, 0, cancellationToken);

    internal async ValueTask<DriveResult<AcceptReply>> AcceptAsync(
        AcceptRequest request, long epoch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        int capacity = request.Inline.Length + request.Entry.Body.Length + request.Key.Encoded.Length;
        Frame frame = Request(DriveCallKind.Accept, capacity, epoch);
        DriveRequestCodec.WriteAccept(new MessageWriter(frame), request);
        using DriveReply reply = await CallAsync(LinkLane.Calls, frame, cancellationToken);
        return reply.Read(DriveReplyCodec.ReadAccept);
    }

    public ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, CancellationToken cancellationToken) =>
        PrepareAsync(key, ballot, slot, 0, cancellationToken);

    internal async ValueTask<DriveResult<PrepareReply>> PrepareAsync(
        RegisterKey key, Ballot ballot, VersionId? slot, long epoch, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.Prepare, key.Encoded.Length, epoch);
        DriveRequestCodec.WritePrepare(new MessageWriter(frame), key, ballot, slot);
        using DriveReply reply = await CallAsync(LinkLane.Calls, frame, cancellationToken);
        return reply.ReadCopy(DriveReplyCodec.ReadPrepare);
    }

    public ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _commits.CommitAsync(request, cancellationToken);
    }

    public async ValueTask<DriveFault> ForgetAsync(
        RegisterKey key, VersionId slot, Ballot ballot, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.Forget, key.Encoded.Length);
        DriveRequestCodec.WriteForget(new MessageWriter(frame), key, slot, ballot);
        return await CallForFaultAsync(LinkLane.Calls, frame, cancellationToken);
    }

    public async ValueTask<DriveFault> EvictAsync(RegisterKey key, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.Evict, key.Encoded.Length);
        new MessageWriter(frame).Key(key);
        return await CallForFaultAsync(LinkLane.Calls, frame, cancellationToken);
    }

    public ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken) =>
        ReadAsync(key, slot, withInline, 0, cancellationToken);

    internal async ValueTask<DriveResult<RegisterView>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, long epoch, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.Read, key.Encoded.Length, epoch);
        DriveRequestCodec.WriteRead(new MessageWriter(frame), key, slot, withInline);
        using DriveReply reply = await CallAsync(LinkLane.Calls, frame, cancellationToken);
        return reply.ReadCopy(DriveReplyCodec.ReadView);
    }

    public ValueTask<DriveResult<ListReply>> ListAsync(ListRequest request, CancellationToken cancellationToken) =>
        ListAsync(request, 0, cancellationToken);

    internal async ValueTask<DriveResult<ListReply>> ListAsync(
        ListRequest request, long epoch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Frame frame = Request(DriveCallKind.List, request.Prefix.Length + request.From.Length, epoch);
        DriveRequestCodec.WriteList(new MessageWriter(frame), request);
        using DriveReply reply = await CallAsync(LinkLane.Calls, frame, cancellationToken);
        return reply.ReadCopy(DriveReplyCodec.ReadList);
    }

    public async ValueTask<DriveResult<IShardWriter>> CreateShardAsync(
        DataId data, long sizeHint, CancellationToken cancellationToken)
    {
        if (_node.Link.Session(LinkLane.Bulk) is not { } session)
        {
            return DriveFault.Offline;
        }

        ShardHandle handle = new(this, session);
        Frame frame = handle.Request(DriveCallKind.CreateShard);
        MessageWriter writer = new(frame);
        writer.DataId(data);
        writer.Count(Math.Max(0, sizeHint));
        DriveResult<long> begun = await handle.OpenAsync(
            frame, DriveCallKind.DiscardShard, ReadLength, cancellationToken);
        return begun.IsOk
            ? new DriveResult<IShardWriter>(DriveFault.None, new RemoteShardWriter(handle))
            : begun.Fault;
    }

    public async ValueTask<DriveResult<IShardReader>> OpenShardAsync(DataId data, CancellationToken cancellationToken)
    {
        if (_node.Link.Session(LinkLane.Bulk) is not { } session)
        {
            return DriveFault.Offline;
        }

        ShardHandle handle = new(this, session);
        Frame frame = handle.Request(DriveCallKind.OpenShard);
        new MessageWriter(frame).DataId(data);
        DriveResult<long> opened = await handle.OpenAsync(
            frame, DriveCallKind.CloseShard, ReadLength, cancellationToken);
        return opened.IsOk
            ? new DriveResult<IShardReader>(DriveFault.None, new RemoteShardReader(handle, opened.Value))
            : opened.Fault;
    }

    public async ValueTask<DriveResult<IShardHold>> HoldShardsAsync(
        IReadOnlyList<DataId> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        cancellationToken.ThrowIfCancellationRequested();
        if (_node.Link.Session(LinkLane.Bulk) is not { } session)
        {
            return DriveFault.Offline;
        }

        ShardHandle handle = new(this, session);
        Frame frame = handle.Request(DriveCallKind.HoldShards, DataId.Size * data.Count);
        new MessageWriter(frame).DataIds(data);
        DriveResult<DataId[]> held = await handle.OpenAsync(
            frame, DriveCallKind.ReleaseShards, RegisterFields.DataIds, cancellationToken);
        return held.IsOk
            ? new DriveResult<IShardHold>(DriveFault.None, new RemoteShardHold(handle, [.. held.Value]))
            : held.Fault;
    }

    public async ValueTask<DriveFault> RestoreInlineAsync(
        RegisterKey key, DataId data, ReadOnlyMemory<byte> shard, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.RestoreInline, shard.Length + key.Encoded.Length);
        DriveRequestCodec.WriteRestoreInline(new MessageWriter(frame), key, data, shard.Span);
        return await CallForFaultAsync(LinkLane.Calls, frame, cancellationToken);
    }

    public async ValueTask<DriveFault> DropShardAsync(DataId data, CancellationToken cancellationToken)
    {
        // On the lane of the shards, where it cannot overtake or be overtaken by what else is done to the shard.
        Frame frame = Request(DriveCallKind.DropShard, 0);
        new MessageWriter(frame).DataId(data);
        return await CallForFaultAsync(LinkLane.Bulk, frame, cancellationToken);
    }

    public async ValueTask<DriveFault> SetBucketGateAsync(BucketGate gate, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.SetBucketGate, 0);
        DriveRequestCodec.WriteGate(new MessageWriter(frame), gate);
        return await CallForFaultAsync(LinkLane.Calls, frame, cancellationToken);
    }

    public async ValueTask<DriveResult<IReadOnlyList<BucketGate>>> ListBucketGatesAsync(
        CancellationToken cancellationToken)
    {
        using DriveReply reply = await CallAsync(
            LinkLane.Calls, Request(DriveCallKind.ListBucketGates, 0), cancellationToken);
        DriveResult<BucketGate[]> gates = reply.Read(DriveRequestCodec.ReadGates);
        return gates.IsOk ? gates.Value : gates.Fault;
    }

    public async ValueTask<DriveResult<IReadOnlyList<MissedWrite>>> ListMissedAsync(
        DriveId missing, RegisterKey? after, int limit, CancellationToken cancellationToken)
    {
        Frame frame = Request(DriveCallKind.ListMissed, 0);
        DriveRequestCodec.WriteListMissed(new MessageWriter(frame), missing, after, limit);
        using DriveReply reply = await CallAsync(LinkLane.Calls, frame, cancellationToken);
        DriveResult<MissedWrite[]> lines = reply.Read(DriveRequestCodec.ReadMissed);
        return lines.IsOk ? lines.Value : lines.Fault;
    }

    public async ValueTask<DriveFault> ClearMissedAsync(
        IReadOnlyList<MissedWrite> repaired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repaired);
        Frame frame = Request(DriveCallKind.ClearMissed, repaired.Count * RequestCapacity / 4);
        DriveRequestCodec.WriteMissed(new MessageWriter(frame), repaired);
        return await CallForFaultAsync(LinkLane.Calls, frame, cancellationToken);
    }

    public ValueTask<DriveFault> EndRecoveryAsync(CancellationToken cancellationToken) =>
        CallForFaultAsync(LinkLane.Calls, Request(DriveCallKind.EndRecovery, 0), cancellationToken);

    public async ValueTask<DriveResult<DriveUsage>> StatAsync(CancellationToken cancellationToken)
    {
        using DriveReply reply = await CallAsync(LinkLane.Calls, Request(DriveCallKind.Stat, 0), cancellationToken);
        return reply.Read(DriveReplyCodec.ReadUsage);
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _node.Remove(this);
        return ValueTask.CompletedTask;
    }

    internal Frame Request(DriveCallKind kind, int capacity, long epoch = 0)
    {
        byte operation = (byte)(epoch == 0 ? kind : DriveCallKind.AtEpoch);
        Frame frame = Frame.To(ServiceNumbers.Drives, operation, RequestCapacity + capacity);
        MessageWriter writer = new(frame);
        writer.Drive(Id);
        if (epoch != 0)
        {
            writer.Number((ulong)epoch);
            writer.Byte((byte)kind);
        }

        return frame;
    }

    /// <summary>Takes the frame over.</summary>
    internal async ValueTask<DriveReply> CallAsync(LinkSession session, Frame request, CancellationToken cancellationToken)
    {
        if (_isDisposed || request.PayloadLength > Frame.MaxPayload)
        {
            request.Dispose();
            return new DriveReply(_isDisposed ? DriveFault.Offline : DriveFault.Io);
        }

        // An answer may be older than what was told meanwhile: over the other lane, or because this resumes late.
        int tellings = _node.Tellings;
        DriveReply reply = DriveReply.Of(await session.CallAsync(request, cancellationToken));
        if (reply.State is { } state && tellings == _node.Tellings && _node.Link.IsConnected)
        {
            NoteTold(new ToldState(Id, state));
        }

        return reply;
    }

    internal async ValueTask<DriveFault> CallForFaultAsync(
        LinkSession session, Frame request, CancellationToken cancellationToken)
    {
        using DriveReply reply = await CallAsync(session, request, cancellationToken);
        return reply.Fault;
    }

    internal void NoteTold(ToldState told)
    {
        bool isChanged = _state != (int)told.State;
        _state = (int)told.State;
        if (isChanged)
        {
            Changed?.Invoke(this);
        }
    }

    private static long ReadLength(ref MessageReader reader) => reader.Size();

    private ValueTask<DriveReply> CallAsync(LinkLane lane, Frame request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_node.Link.Session(lane) is { } session)
        {
            return CallAsync(session, request, cancellationToken);
        }

        request.Dispose();
        return ValueTask.FromResult(new DriveReply(DriveFault.Offline));
    }

    private async ValueTask<DriveFault> CallForFaultAsync(
        LinkLane lane, Frame request, CancellationToken cancellationToken)
    {
        using DriveReply reply = await CallAsync(lane, request, cancellationToken);
        return reply.Fault;
    }
}

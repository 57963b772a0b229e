using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Another node's use of the drives of this one: takes requests apart, calls the drive, puts answers together.</summary>
/// <remarks>
/// Invariants: a drive's operation begins while the request is being received, so that requests to a drive take their
/// places in its queue in the order in which they came. Shards that are open end with the session.
/// Concurrency: see IServiceSession; the state watch runs beside it.
/// </remarks>
internal sealed partial class DriveSession : IServiceSession
{
    // How soon a change of state is told that no answer told before.
    private static readonly TimeSpan StatePeriod = TimeSpan.FromMilliseconds(250);

    // Told again without a change every so many periods: an answer may have told of a state in between that no longer
    // holds, and a drive that is taken for offline is asked nothing that would correct it.
    private const int PeriodsUntilToldAgain = 4;

    // Registers in one answer, in bytes: the rest is asked for again. A page larger than this helps nobody.
    private const int MaxListBytes = 1 << 20;

    // What a request may cost besides its own bytes until its answer is out.
    private const int ReplyAllowance = 4 << 10;

    private readonly ServedDrives _drives;
    private readonly IServicePeer _peer;
    private readonly ITimer? _stateWatch;
    private ToldState[] _told = [];
    private int _periodsSinceTold = PeriodsUntilToldAgain;

    public DriveSession(ServedDrives drives, IServicePeer peer, TimeProvider time)
    {
        _drives = drives;
        _peer = peer;
        if (peer.Lane == LinkLane.Calls)
        {
            _stateWatch = time.CreateTimer(
                static session => ((DriveSession)session!).TellStates(), this, TimeSpan.Zero, StatePeriod);
        }
    }

    public async ValueTask<CallReply> CallAsync(
        byte operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        DriveCallKind kind = (DriveCallKind)operation;
        MessageReader reader = new(request);
        DriveId id = reader.Drive();
        long epoch = 0;
        if (kind == DriveCallKind.AtEpoch)
        {
            epoch = reader.Size();
            kind = InNameOfEpoch(reader.Byte());
        }

        ReadOnlyMemory<byte> body = reader.Rest();
        if (_drives.Find(id) is not { } served)
        {
            return Answer(DriveFault.Offline, DriveState.Offline);
        }

        int cost = request.Length + ReplyCostOf(kind, body);
        if (!served.TryEnter(cost))
        {
            return CallReply.Of(CallStatus.Busy);
        }

        try
        {
            return await ServeAsync(served.Drive.At(epoch), kind, body, cancellationToken);
        }
        finally
        {
            served.Exit(cost);
        }
    }

    public void Receive(byte operation, ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        reader.Drive();
        ulong handle = reader.Number();
        reader.End();
        switch ((DriveCallKind)operation)
        {
            case DriveCallKind.CloseShard:
                CloseReader(handle);
                break;
            case DriveCallKind.DiscardShard:
                _ = DiscardAsync(handle);
                break;
            case DriveCallKind.ReleaseShards:
                _ = ReleaseAsync(handle);
                break;
            default:
                throw new MessageFormatException("There is no such message to a drive.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stateWatch is { } watch)
        {
            await watch.DisposeAsync();
        }

        await CloseShardsAsync();
    }

    private static DriveCallKind InNameOfEpoch(byte kind) => (DriveCallKind)kind switch
    {
        DriveCallKind.Accept or DriveCallKind.Prepare or DriveCallKind.Read or DriveCallKind.List => (DriveCallKind)kind,
        _ => throw new MessageFormatException("Such a call is not made in the name of an epoch."),
    };

    private static int ReplyCostOf(DriveCallKind kind, ReadOnlyMemory<byte> body) => kind switch
    {
        DriveCallKind.ReadShard => ReadLengthOf(body),
        DriveCallKind.List => MaxListBytes / 8,
        _ => ReplyAllowance,
    };

    private ValueTask<CallReply> ServeAsync(
        IDrive drive, DriveCallKind kind, ReadOnlyMemory<byte> body, CancellationToken token) => kind switch
        {
            DriveCallKind.Accept => AcceptAsync(drive, body, token),
            DriveCallKind.Prepare => PrepareAsync(drive, body, token),
            DriveCallKind.Commit => FaultAsync(drive, drive.CommitAsync(Read(body, DriveRequestCodec.ReadCommit), token)),
            DriveCallKind.Commits => CommitsAsync(drive, body, token),
            DriveCallKind.Forget => ForgetAsync(drive, body, token),
            DriveCallKind.Evict => FaultAsync(drive, drive.EvictAsync(Read(body, RegisterFields.Key), token)),
            DriveCallKind.Read => ReadAsync(drive, body, token),
            DriveCallKind.List => ListAsync(drive, body, token),
            DriveCallKind.CreateShard => CreateShardAsync(drive, body, token),
            DriveCallKind.WriteShard => WriteShardAsync(drive, body, token),
            DriveCallKind.SealShard => SealShardAsync(drive, body, token),
            DriveCallKind.DiscardShard => DiscardShardAsync(drive, body),
            DriveCallKind.OpenShard => OpenShardAsync(drive, body, token),
            DriveCallKind.ReadShard => ReadShardAsync(drive, body, token),
            DriveCallKind.CloseShard => CloseShardAsync(drive, body),
            DriveCallKind.HoldShards => HoldShardsAsync(drive, body, token),
            DriveCallKind.ReleaseShards => ReleaseShardsAsync(drive, body),
            DriveCallKind.RestoreInline => RestoreInlineAsync(drive, body, token),
            DriveCallKind.DropShard => FaultAsync(drive, drive.DropShardAsync(Read(body, RegisterFields.DataId), token)),
            DriveCallKind.SetBucketGate =>
                FaultAsync(drive, drive.SetBucketGateAsync(Read(body, DriveRequestCodec.ReadGate), token)),
            DriveCallKind.ListBucketGates => ListBucketGatesAsync(drive, token),
            DriveCallKind.ListMissed => ListMissedAsync(drive, body, token),
            DriveCallKind.ClearMissed =>
                FaultAsync(drive, drive.ClearMissedAsync(Read(body, DriveRequestCodec.ReadMissed), token)),
            DriveCallKind.EndRecovery => FaultAsync(drive, drive.EndRecoveryAsync(token)),
            DriveCallKind.Stat => StatAsync(drive, token),
            _ => ValueTask.FromResult(CallReply.Of(CallStatus.Unknown)),
        };

    private static async ValueTask<CallReply> AcceptAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        AcceptRequest request = Read(body, DriveRequestCodec.ReadAccept);
        DriveResult<AcceptReply> result = await drive.AcceptAsync(request, token);
        return Answer(drive, result, DriveReplyCodec.WriteAccept);
    }

    private static async ValueTask<CallReply> CommitsAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        CommitRequest[] requests = Read(body, DriveRequestCodec.ReadCommits);
#pragma warning disable CA2012 // All are begun before the first is awaited, so that the drive takes them together.
        ValueTask<DriveFault>[] calls = Array.ConvertAll(requests, request => drive.CommitAsync(request, token));
        DriveFault[] faults = new DriveFault[calls.Length];
        for (int i = 0; i < calls.Length; i++)
        {
            faults[i] = await calls[i];
        }
#pragma warning restore CA2012

        return Answer<DriveFault[]>(drive, faults, DriveReplyCodec.WriteFaults);
    }

    private static async ValueTask<CallReply> PrepareAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (RegisterKey key, Ballot ballot, VersionId? slot) = Read(body, DriveRequestCodec.ReadPrepare);
        return Answer(drive, await drive.PrepareAsync(key, ballot, slot, token), DriveReplyCodec.WritePrepare);
    }

    private static ValueTask<CallReply> ForgetAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (RegisterKey key, VersionId slot, Ballot ballot) = Read(body, DriveRequestCodec.ReadForget);
        return FaultAsync(drive, drive.ForgetAsync(key, slot, ballot, token));
    }

    private static async ValueTask<CallReply> ReadAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (RegisterKey key, VersionId? slot, bool withInline) = Read(body, DriveRequestCodec.ReadRead);
        return Answer(drive, await drive.ReadAsync(key, slot, withInline, token), DriveReplyCodec.WriteView);
    }

    private static async ValueTask<CallReply> ListAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        ListRequest request = Read(body, DriveRequestCodec.ReadList);
        if (request.Limit is < 1 or > 10_000)
        {
            throw new MessageFormatException($"A listing is limited to {request.Limit} entries.");
        }

        DriveResult<ListReply> result = await drive.ListAsync(request, token);
        return Answer(
            drive, result.IsOk ? ListPage.Cut(result.Value, request, MaxListBytes) : result, DriveReplyCodec.WriteList);
    }

    private static ValueTask<CallReply> RestoreInlineAsync(
        IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (RegisterKey key, DataId data, ReadOnlyMemory<byte> shard) = Read(body, DriveRequestCodec.ReadRestoreInline);
        return FaultAsync(drive, drive.RestoreInlineAsync(key, data, shard, token));
    }

    private static async ValueTask<CallReply> ListBucketGatesAsync(IDrive drive, CancellationToken token) =>
        Answer(drive, await drive.ListBucketGatesAsync(token), DriveRequestCodec.WriteGates);

    private static async ValueTask<CallReply> ListMissedAsync(
        IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (DriveId missing, RegisterKey? after, int limit) = Read(body, DriveRequestCodec.ReadListMissed);
        return Answer(
            drive, await drive.ListMissedAsync(missing, after, limit, token), DriveRequestCodec.WriteMissed);
    }

    private static async ValueTask<CallReply> StatAsync(IDrive drive, CancellationToken token) =>
        Answer(drive, await drive.StatAsync(token), DriveReplyCodec.WriteUsage);

    private static async ValueTask<CallReply> FaultAsync(IDrive drive, ValueTask<DriveFault> call) =>
        Answer(await call, drive.State);

    private static T Read<T>(ReadOnlyMemory<byte> body, DriveReply.BodyReader<T> read)
    {
        MessageReader reader = new(body);
        T value = read(ref reader);
        reader.End();
        return value;
    }

    private static CallReply Answer<T>(IDrive drive, DriveResult<T> result, Action<MessageWriter, T> write)
    {
        if (!result.IsOk)
        {
            return Answer(result.Fault, drive.State);
        }

        Frame frame = Frame.Rent(FrameKind.Response, ReplyAllowance);
        MessageWriter writer = new(frame);
        DriveReplyCodec.WriteHeader(writer, DriveFault.None, drive.State);
        write(writer, result.Value);
        if (frame.PayloadLength <= Frame.MaxPayload)
        {
            return CallReply.Of(frame);
        }

        frame.Dispose();
        return Answer(DriveFault.Io, drive.State);
    }

    private static CallReply Answer(DriveFault fault, DriveState state)
    {
        Frame frame = Frame.Rent(FrameKind.Response, DriveReplyCodec.HeaderSize);
        DriveReplyCodec.WriteHeader(new MessageWriter(frame), fault, state);
        return CallReply.Of(frame);
    }

    private void TellStates()
    {
        ToldState[] states = _drives.States();
        if (++_periodsSinceTold < PeriodsUntilToldAgain && states.AsSpan().SequenceEqual(_told))
        {
            return;
        }

        Frame frame = Frame.To(ServiceNumbers.Drives, (byte)DriveCallKind.States, 17 * states.Length);
        DriveReplyCodec.WriteStates(new MessageWriter(frame), states);
        if (_peer.TryPost(frame))
        {
            _told = states;
            _periodsSinceTold = 0;
        }
    }
}

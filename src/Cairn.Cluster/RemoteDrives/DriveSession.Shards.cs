using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.RemoteDrives;

internal sealed partial class DriveSession
{
    // Shards that one node has open over one connection: many requests of many shards each.
    private const int MaxShards = 16_384;
    private const int MaxReadBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, ServedWriter> _writers = [];
    private readonly Dictionary<ulong, ServedReader> _readers = [];
    private readonly Dictionary<ulong, ServedHold> _holds = [];
    private bool _isClosed;

    private async ValueTask<CallReply> CreateShardAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (ulong handle, DataId data, long size) = Read(
            body, static (ref MessageReader reader) => (reader.Number(), reader.DataId(), reader.Size()));
        ServedWriter writer = new();
        if (!TryAdd(_writers, handle, writer))
        {
            return CallReply.Of(CallStatus.Busy);
        }

        DriveResult<IShardWriter> created = DriveFault.Timeout;
        try
        {
            created = await drive.CreateShardAsync(data, size, token);
        }
        finally
        {
            writer.Begin(created);
            if (!created.IsOk)
            {
                await DiscardAsync(handle);
            }
        }

        return AnswerOpened(drive, created.Fault, 0);
    }

    private async ValueTask<CallReply> WriteShardAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (ulong handle, long offset, ReadOnlyMemory<byte> bytes) = Read(
            body, static (ref MessageReader reader) => (reader.Number(), reader.Size(), reader.Rest()));
        DriveFault fault = Find(_writers, handle) is { } writer
            ? await writer.WriteAsync(offset, bytes, token)
            : DriveFault.NotFound;
        return Answer(fault, drive.State);
    }

    private async ValueTask<CallReply> SealShardAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (ulong handle, long length) = Read(
            body, static (ref MessageReader reader) => (reader.Number(), reader.Size()));
        DriveFault fault = Find(_writers, handle) is { } writer
            ? await writer.SealAsync(length, token)
            : DriveFault.NotFound;
        if (fault == DriveFault.None)
        {
            await DiscardAsync(handle);
        }

        return Answer(fault, drive.State);
    }

    private async ValueTask<CallReply> DiscardShardAsync(IDrive drive, ReadOnlyMemory<byte> body)
    {
        await DiscardAsync(Read(body, static (ref MessageReader reader) => reader.Number()));
        return Answer(DriveFault.None, drive.State);
    }

    private async ValueTask<CallReply> OpenShardAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (ulong handle, DataId data) = Read(
            body, static (ref MessageReader reader) => (reader.Number(), reader.DataId()));
        ServedReader served = new();
        if (!TryAdd(_readers, handle, served))
        {
            return CallReply.Of(CallStatus.Busy);
        }

        DriveResult<IShardReader> opened = DriveFault.Timeout;
        try
        {
            opened = await drive.OpenShardAsync(data, token);
        }
        finally
        {
            await served.BeginAsync(opened);
            if (!opened.IsOk)
            {
                CloseReader(handle);
            }
        }

        return AnswerOpened(drive, opened.Fault, opened.IsOk ? opened.Value.Length : 0);
    }

    // The shard's bytes are read straight into the frame that goes out.
    private async ValueTask<CallReply> ReadShardAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (ulong handle, long offset, int length) = Read(
            body, static (ref MessageReader reader) => (reader.Number(), reader.Size(), reader.Number32()));
        if (length > MaxReadBytes)
        {
            throw new MessageFormatException($"{length} bytes of a shard are asked for at once.");
        }

        if (Find(_readers, handle) is not { } reader)
        {
            return Answer(DriveFault.Offline, drive.State);
        }

        Frame frame = Frame.Rent(FrameKind.Response, DriveReplyCodec.HeaderSize + length);
        DriveFault fault = DriveFault.Io;
        try
        {
            DriveReplyCodec.WriteHeader(new MessageWriter(frame), DriveFault.None, drive.State);
            DriveResult<int> read = await reader.ReadAsync(offset, frame.Reserve(length)[..length], token);
            fault = read.Fault;
            frame.Advance(read.Value);
        }
        finally
        {
            if (fault != DriveFault.None)
            {
                frame.Dispose();
            }
        }

        return fault == DriveFault.None ? CallReply.Of(frame) : Answer(fault, drive.State);
    }

    private ValueTask<CallReply> CloseShardAsync(IDrive drive, ReadOnlyMemory<byte> body)
    {
        CloseReader(Read(body, static (ref MessageReader reader) => reader.Number()));
        return ValueTask.FromResult(Answer(DriveFault.None, drive.State));
    }

    private async ValueTask<CallReply> HoldShardsAsync(IDrive drive, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        (ulong handle, DataId[] data) = Read(
            body, static (ref MessageReader reader) => (reader.Number(), reader.DataIds()));
        ServedHold served = new();
        if (!TryAdd(_holds, handle, served))
        {
            return CallReply.Of(CallStatus.Busy);
        }

        DriveResult<IShardHold> taken = DriveFault.Timeout;
        try
        {
            taken = await drive.HoldShardsAsync(data, token);
        }
        finally
        {
            await served.BeginAsync(taken);
            if (!taken.IsOk)
            {
                await ReleaseAsync(handle);
            }
        }

        DriveResult<DataId[]> held = taken.IsOk ? Array.FindAll(data, taken.Value.Holds) : taken.Fault;
        return Answer(drive, held, static (writer, value) => writer.DataIds(value));
    }

    private async ValueTask<CallReply> ReleaseShardsAsync(IDrive drive, ReadOnlyMemory<byte> body)
    {
        await ReleaseAsync(Read(body, static (ref MessageReader reader) => reader.Number()));
        return Answer(DriveFault.None, drive.State);
    }

    private static int ReadLengthOf(ReadOnlyMemory<byte> body)
    {
        MessageReader reader = new(body);
        reader.Number();
        reader.Size();
        return Math.Min(reader.Number32(), MaxReadBytes);
    }

    private static CallReply AnswerOpened(IDrive drive, DriveFault fault, long length) => Answer(
        drive,
        fault == DriveFault.None ? length : new DriveResult<long>(fault, 0),
        static (writer, value) => writer.Count(value));

    private bool TryAdd<T>(Dictionary<ulong, T> shards, ulong handle, T shard)
    {
        lock (_gate)
        {
            return !_isClosed && _writers.Count + _readers.Count + _holds.Count < MaxShards && shards.TryAdd(handle, shard);
        }
    }

    private T? Find<T>(Dictionary<ulong, T> shards, ulong handle)
        where T : class
    {
        lock (_gate)
        {
            return shards.GetValueOrDefault(handle);
        }
    }

    // Known until it is removed: who discards it a second time waits for the same.
    private async Task DiscardAsync(ulong handle)
    {
        if (Find(_writers, handle) is { } writer)
        {
            await writer.CloseAsync();
            lock (_gate)
            {
                _writers.Remove(handle);
            }
        }
    }

    private async Task ReleaseAsync(ulong handle)
    {
        ServedHold? hold;
        lock (_gate)
        {
            _holds.Remove(handle, out hold);
        }

        if (hold is not null)
        {
            await hold.CloseAsync();
        }
    }

    private void CloseReader(ulong handle)
    {
        ServedReader? reader;
        lock (_gate)
        {
            _readers.Remove(handle, out reader);
        }

        _ = reader?.CloseAsync();
    }

    private async ValueTask CloseShardsAsync()
    {
        ServedWriter[] writers;
        ServedReader[] readers;
        ServedHold[] holds;
        lock (_gate)
        {
            _isClosed = true;
            writers = [.. _writers.Values];
            readers = [.. _readers.Values];
            holds = [.. _holds.Values];
            _writers.Clear();
            _readers.Clear();
            _holds.Clear();
        }

        foreach (ServedWriter writer in writers)
        {
            await writer.CloseAsync();
        }

        foreach (ServedReader reader in readers)
        {
            await reader.CloseAsync();
        }

        foreach (ServedHold hold in holds)
        {
            await hold.CloseAsync();
        }
    }
}

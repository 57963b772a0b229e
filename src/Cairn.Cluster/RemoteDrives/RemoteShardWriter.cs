using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Writes a shard on another node: chunks go out one behind the other, up to a window that is not confirmed yet.</summary>
/// <remarks>
/// Invariants: a chunk names its offset, so that the drive appends each once and in order, whatever the network does.
/// Failure: the first fault of a chunk is the answer to everything after it; a write that was cancelled makes the shard
/// worthless. Bound to the connection that began it; the node removes what is left of it when that ends.
/// Concurrency: one caller at a time; confirmations come from anywhere.
/// </remarks>
internal sealed class RemoteShardWriter(ShardHandle handle) : IShardWriter
{
    private const int MinChunkCost = 8 << 10;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private TaskCompletionSource? _room;
    private long _sent;
    private int _unconfirmed;
    private DriveFault _fault;
    private bool _isSealed;
    private bool _isDisposed;

    public async ValueTask<DriveFault> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            while (!bytes.IsEmpty)
            {
                ReadOnlyMemory<byte> chunk = bytes[..Math.Min(bytes.Length, handle.Options.ChunkBytes)];
                bytes = bytes[chunk.Length..];
                DriveFault fault = await WaitForRoomAsync(handle.Options.WindowBytes - CostOf(chunk.Length), cancellationToken);
                if (fault != DriveFault.None)
                {
                    return fault;
                }

                _ = SendAsync(chunk);
            }

            return Fault;
        }
        catch (OperationCanceledException)
        {
            Fail(DriveFault.Timeout);
            throw;
        }
    }

    public async ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Fault != DriveFault.None)
        {
            return Fault;
        }

        // Sent behind the chunks without waiting for them: the other end takes it when they are all there.
        Frame frame = handle.Request(DriveCallKind.SealShard);
        new MessageWriter(frame).Count(_sent);
        DriveFault sealing = await handle.CallForFaultAsync(frame, cancellationToken);
        DriveFault fault = Fault != DriveFault.None ? Fault : sealing;
        _isSealed = fault == DriveFault.None;
        return fault;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _abandoned.Cancel();
        if (!_isSealed)
        {
            // Waited for: the caller may begin the same shard again.
            await handle.CloseAsync(DriveCallKind.DiscardShard);
        }

        _abandoned.Dispose();
    }

    private DriveFault Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    /// <summary>Ends when no more than so many bytes are unconfirmed, or with the fault that ends the shard.</summary>
    private async ValueTask<DriveFault> WaitForRoomAsync(int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource room;
            lock (_gate)
            {
                if (_fault != DriveFault.None || _unconfirmed == 0 || _unconfirmed <= most)
                {
                    return _fault;
                }

                room = _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    // The bytes are copied into the frame before the first wait: the caller's buffer is free when this returns.
    private async Task SendAsync(ReadOnlyMemory<byte> chunk)
    {
        int size = chunk.Length;
        Frame frame = handle.Request(DriveCallKind.WriteShard, size);
        MessageWriter writer = new(frame);
        writer.Count(_sent);
        writer.Raw(chunk.Span);
        _sent += size;
        lock (_gate)
        {
            _unconfirmed += CostOf(size);
        }

        DriveFault fault;
        try
        {
            fault = await handle.CallForFaultAsync(frame, _abandoned.Token);
        }
        catch (OperationCanceledException)
        {
            fault = DriveFault.Timeout;
        }

        Confirm(CostOf(size), fault);
    }

    private void Confirm(int cost, DriveFault fault)
    {
        TaskCompletionSource? room;
        bool isFirstFault;
        lock (_gate)
        {
            _unconfirmed -= cost;
            isFirstFault = _fault == DriveFault.None && fault != DriveFault.None;
            _fault = isFirstFault ? fault : _fault;
            room = _room;
            _room = null;
        }

        room?.TrySetResult();

        // A seal that is under way would wait for the missing bytes up to its deadline.
        if (isFirstFault && !_isDisposed)
        {
            handle.Close(DriveCallKind.DiscardShard);
        }
    }

    private void Fail(DriveFault fault) => Confirm(0, fault);

    // Of the window: many small chunks cost more than their bytes.
    private static int CostOf(int size) => Math.Max(size, MinChunkCost);
}

using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>A shard that another node writes: its chunks take their turns by offset, in whatever order they come.</summary>
/// <remarks>
/// Invariants: the drive's writer has one caller at a time; a chunk is appended exactly when all bytes before it are.
/// Failure: the first fault is the answer to everything that follows. Concurrency: any caller.
/// </remarks>
internal sealed class ServedWriter
{
    // Chunks that wait for their turn; the other node's window allows for far fewer.
    private const int MaxWaiting = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource> _waiting = [];
    private IShardWriter? _writer;

    // -1 until the drive has begun the shard, and while it is busy with it.
    private long _turn = -1;
    private long _written;
    private DriveFault _fault;
    private Task? _closing;
    private TaskCompletionSource? _idle;

    /// <summary>The drive has answered: the first chunk may come.</summary>
    public void Begin(DriveResult<IShardWriter> created)
    {
        _writer = created.IsOk ? created.Value : null;
        EndTurn(0, created.Fault);
    }

    public async ValueTask<DriveFault> WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        DriveFault fault = await TakeTurnAsync(offset, token);
        if (fault != DriveFault.None)
        {
            return fault;
        }

        fault = DriveFault.Timeout;
        try
        {
            fault = await _writer!.WriteAsync(bytes, token);
        }
        finally
        {
            EndTurn(bytes.Length, fault);
        }

        return fault;
    }

    public async ValueTask<DriveFault> SealAsync(long length, CancellationToken token)
    {
        DriveFault fault = await TakeTurnAsync(length, token);
        if (fault != DriveFault.None)
        {
            return fault;
        }

        fault = DriveFault.Timeout;
        try
        {
            fault = await _writer!.SealAsync(token);
        }
        finally
        {
            EndTurn(0, fault);
        }

        return fault;
    }

    /// <summary>Removes the shard, unless it is sealed. Waits for what the drive is doing with it.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            return _closing ??= CloseOnceAsync();
        }
    }

    private async Task CloseOnceAsync()
    {
        TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource[] waiting;
        lock (_gate)
        {
            _fault = _fault == DriveFault.None ? DriveFault.Offline : _fault;
            waiting = TakeWaiting();
            _idle = idle;
            if (_turn >= 0)
            {
                idle.SetResult();
            }
        }

        Array.ForEach(waiting, waiter => waiter.TrySetResult());
        await idle.Task;
        if (_writer is { } writer)
        {
            await writer.DisposeAsync();
        }
    }

    private async ValueTask<DriveFault> TakeTurnAsync(long offset, CancellationToken token)
    {
        while (true)
        {
            TaskCompletionSource? waiter;
            lock (_gate)
            {
                if (_fault != DriveFault.None)
                {
                    return _fault;
                }

                if (_turn == offset)
                {
                    _turn = -1;
                    return DriveFault.None;
                }

                waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (offset < _written || _waiting.Count >= MaxWaiting || !_waiting.TryAdd(offset, waiter))
                {
                    waiter = null;
                }
            }

            if (waiter is null)
            {
                // No node of ours sends this. Whoever waits for the bytes that are missing now must not wait for ever.
                EndTurn(0, DriveFault.Io, hadTurn: false);
                return DriveFault.Io;
            }

            try
            {
                await waiter.WaitAsync(token);
            }
            catch (OperationCanceledException)
            {
                // The bytes are lost, and with them the shard.
                EndTurn(0, DriveFault.Timeout, hadTurn: false);
                throw;
            }
        }
    }

    private void EndTurn(int written, DriveFault fault, bool hadTurn = true)
    {
        TaskCompletionSource[] next = [];
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            _fault = _fault == DriveFault.None ? fault : _fault;
            _written += written;
            if (hadTurn)
            {
                _turn = _written;
                idle = _idle;
            }

            if (_fault != DriveFault.None)
            {
                next = TakeWaiting();
            }
            else if (_turn >= 0 && _waiting.Remove(_turn, out TaskCompletionSource? waiter))
            {
                next = [waiter];
            }
        }

        Array.ForEach(next, waiter => waiter.TrySetResult());
        idle?.TrySetResult();
    }

    private TaskCompletionSource[] TakeWaiting()
    {
        TaskCompletionSource[] waiting = [.. _waiting.Values];
        _waiting.Clear();
        return waiting;
    }
}

using Cairn.Drives.Os;

namespace Cairn.Drives.Shards;

/// <summary>Writes a shard file in whole chunks.</summary>
/// <remarks>
/// Purpose: whole chunks that come together go to the file from where they are, with their checksums in between; what
/// comes otherwise is gathered in a buffer first.
/// Concurrency: one caller at a time. Whoever has lost patience may dispose it under a call that hangs: then that call
/// ends it when it comes back, because until then the file is in use.
/// Failure: after any fault the shard is worthless; disposing removes its file, as long as that is this writer's own. A
/// failed sync is told to the drive, which is poisoned by it: the operating system may have thrown the bytes away and
/// will not say so again.
/// </remarks>
internal sealed class LocalShardWriter(
    ShardClaim claim, IDriveFile file, ShardFiles files, Action<DriveIoException, bool> onFault) : IShardWriter
{
    private readonly Lock _gate = new();
    private bool _isBusy;
    private volatile bool _isDisposed;
    private byte[]? _buffer;
    private bool _isBegun;
    private int _buffered;
    private int _chunkStart;
    private long _fileOffset;
    private long _length;
    private long _chunk;
    private bool _isWriting;
    private bool _isSealed;
    private DriveFault _fault;

    public async ValueTask<DriveFault> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            return await WriteRunAsync(bytes, cancellationToken);
        }
        finally
        {
            await ExitAsync();
        }
    }

    public async ValueTask<DriveFault> WriteAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> runs, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            return await WriteRunsAsync(runs, cancellationToken);
        }
        finally
        {
            await ExitAsync();
        }
    }

    public async ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            return await EndShardAsync(cancellationToken);
        }
        finally
        {
            await ExitAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return ValueTask.CompletedTask;
            }

            _isDisposed = true;
            if (_isBusy)
            {
                return ValueTask.CompletedTask;
            }
        }

        return EndAsync();
    }

    private void Enter()
    {
        lock (_gate)
        {
            _isBusy = true;
        }
    }

    private ValueTask ExitAsync()
    {
        lock (_gate)
        {
            _isBusy = false;
            if (!_isDisposed)
            {
                return ValueTask.CompletedTask;
            }
        }

        return EndAsync();
    }

    private async ValueTask<DriveFault> WriteRunAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_fault != DriveFault.None)
        {
            return _fault;
        }

        try
        {
            while (!bytes.IsEmpty)
            {
                int taken = TakeIn(bytes.Span);
                bytes = bytes[taken..];
                if (_buffered == ShardBuffer.Size || IsFullOfChunks)
                {
                    await FlushAsync(cancellationToken);
                }
            }

            return DriveFault.None;
        }
        catch (DriveIoException e)
        {
            return Fail(e, isSync: false);
        }
    }

    private async ValueTask<DriveFault> WriteRunsAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> runs, CancellationToken cancellationToken)
    {
        int whole = CountWholeChunks(runs);
        DriveFault fault = whole == 0 ? _fault : await WriteChunksAsync(runs, whole, cancellationToken);
        for (int i = whole; i < runs.Count && fault == DriveFault.None; i++)
        {
            fault = await WriteRunAsync(runs[i], cancellationToken);
        }

        return fault;
    }

    private async ValueTask<DriveFault> EndShardAsync(CancellationToken cancellationToken)
    {
        if (_fault != DriveFault.None)
        {
            return _fault;
        }

        bool isSync = false;
        try
        {
            EndChunk();
            EnsureBuffer();
            await FlushAsync(cancellationToken);
            isSync = true;
            await file.SyncAsync(cancellationToken);
            // Nobody waits any more for a shard whose writer was disposed meanwhile, and nobody would name it.
            _isSealed = !_isDisposed && await files.TrySealAsync(claim, _length);
            _fault = _isSealed ? DriveFault.None : DriveFault.NotFound;
            return _fault;
        }
        catch (DriveIoException e)
        {
            return Fail(e, isSync);
        }
    }

    private async ValueTask EndAsync()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;

            // A write that hangs, or failed in an unknown way, may still read the buffer: then nobody else may have it.
            if (!_isWriting)
            {
                ShardBuffer.Return(buffer);
            }
        }

        await file.DisposeAsync();
        if (_isSealed)
        {
            return;
        }

        _isSealed = true;
        try
        {
            await files.AbandonAsync(claim);
        }
        catch (DriveIoException e)
        {
            onFault(e, false);
        }
    }

    private bool IsFullOfChunks => _buffered - _chunkStart == 0 && ShardBuffer.Size - _buffered < ShardLayout.FrameSize;

    /// <returns>How many runs from the first on are whole chunks at the boundary of one.</returns>
    private int CountWholeChunks(IReadOnlyList<ReadOnlyMemory<byte>> runs)
    {
        int count = 0;
        while (_buffered == _chunkStart && count < runs.Count && runs[count].Length == ShardLayout.ChunkSize)
        {
            count++;
        }

        return count;
    }

    private async ValueTask<DriveFault> WriteChunksAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> runs, int count, CancellationToken cancellationToken)
    {
        if (_fault != DriveFault.None)
        {
            return _fault;
        }

        try
        {
            await FlushAsync(cancellationToken);
            ReadOnlyMemory<byte>[] parts = FrameChunks(runs, count);
            await file.WriteAsync(_fileOffset, parts, cancellationToken);
            foreach (ReadOnlyMemory<byte> part in parts)
            {
                _fileOffset += part.Length;
            }

            _length += (long)count * ShardLayout.ChunkSize;
            return DriveFault.None;
        }
        catch (DriveIoException e)
        {
            return Fail(e, isSync: false);
        }
    }

    /// <summary>The chunks with what belongs between them in the file.</summary>
    private ReadOnlyMemory<byte>[] FrameChunks(IReadOnlyList<ReadOnlyMemory<byte>> chunks, int count)
    {
        ReadOnlyMemory<byte>[] parts = new ReadOnlyMemory<byte>[1 + (2 * count)];
        Memory<byte> between = new byte[ShardLayout.HeaderSize + (count * ShardLayout.ChecksumSize)];
        if (!_isBegun)
        {
            _isBegun = true;
            ShardLayout.WriteHeader(claim.Data, between.Span);
            parts[0] = between[..ShardLayout.HeaderSize];
        }

        for (int i = 0; i < count; i++)
        {
            between = between[^((count - i) * ShardLayout.ChecksumSize)..];
            ShardLayout.WriteChecksum(claim.Data, _chunk++, chunks[i].Span, between.Span);
            parts[1 + (2 * i)] = chunks[i];
            parts[2 + (2 * i)] = between[..ShardLayout.ChecksumSize];
        }

        return parts;
    }

    private int TakeIn(ReadOnlySpan<byte> bytes)
    {
        EnsureBuffer();
        int inChunk = _buffered - _chunkStart;
        int taken = Math.Min(bytes.Length, ShardLayout.ChunkSize - inChunk);
        bytes[..taken].CopyTo(_buffer.AsSpan(_buffered));
        _buffered += taken;
        _length += taken;
        if (inChunk + taken == ShardLayout.ChunkSize)
        {
            EndChunk();
        }

        return taken;
    }

    private void EnsureBuffer()
    {
        _buffer ??= ShardBuffer.Rent();
        if (!_isBegun)
        {
            _isBegun = true;
            ShardLayout.WriteHeader(claim.Data, _buffer);
            _buffered = _chunkStart = ShardLayout.HeaderSize;
        }
    }

    private void EndChunk()
    {
        if (_buffered == _chunkStart)
        {
            return;
        }

        Span<byte> content = _buffer.AsSpan(_chunkStart, _buffered - _chunkStart);
        ShardLayout.WriteChecksum(claim.Data, _chunk++, content, _buffer.AsSpan(_buffered));
        _buffered += ShardLayout.ChecksumSize;
        _chunkStart = _buffered;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffered == 0)
        {
            return;
        }

        _isWriting = true;
        await file.WriteAsync(_fileOffset, _buffer.AsMemory(0, _buffered), cancellationToken);
        _isWriting = false;
        _fileOffset += _buffered;
        _buffered = _chunkStart = 0;
    }

    private DriveFault Fail(DriveIoException fault, bool isSync)
    {
        _fault = fault.Fault;
        onFault(fault, isSync);
        return fault.Fault;
    }
}

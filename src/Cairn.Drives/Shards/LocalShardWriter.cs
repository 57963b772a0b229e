using Cairn.Drives.Os;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Writes a shard file in whole chunks.</summary>
/// <remarks>
/// Concurrency: one caller at a time.
/// Failure: after any fault the shard is worthless; disposing removes it. A failed sync is told to the drive, which
/// is poisoned by it: the operating system may have thrown the bytes away and will not say so again.
/// </remarks>
internal sealed class LocalShardWriter(
    DataId data, IDriveFile file, ShardFiles files, Action<DriveIoException, bool> onFault) : IShardWriter
{
    private byte[]? _buffer;
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

    public async ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken)
    {
        if (_fault != DriveFault.None)
        {
            return _fault;
        }

        bool isSync = false;
        try
        {
            EndChunk();
            EnsureHeader();
            await FlushAsync(cancellationToken);
            isSync = true;
            await file.SyncAsync(cancellationToken);
            await files.SealAsync(data, _length);
            _isSealed = true;
            return DriveFault.None;
        }
        catch (DriveIoException e)
        {
            return Fail(e, isSync);
        }
    }

    public async ValueTask DisposeAsync()
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
            await files.RemoveAsync(data);
        }
        catch (DriveIoException e)
        {
            onFault(e, false);
        }
    }

    private bool IsFullOfChunks => _buffered - _chunkStart == 0 && ShardBuffer.Size - _buffered < ShardLayout.FrameSize;

    private int TakeIn(ReadOnlySpan<byte> bytes)
    {
        EnsureHeader();
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

    private void EnsureHeader()
    {
        if (_buffer is null)
        {
            _buffer = ShardBuffer.Rent();
            ShardLayout.WriteHeader(data, _buffer);
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
        ShardLayout.WriteChecksum(data, _chunk++, content, _buffer.AsSpan(_buffered));
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

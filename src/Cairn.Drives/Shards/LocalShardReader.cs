using Cairn.Drives.Os;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Shards;

/// <summary>Reads a shard file, checking every chunk it touches.</summary>
/// <remarks>Concurrency: any number of reads at once.</remarks>
internal sealed class LocalShardReader : IShardReader
{
    private readonly DataId _data;
    private readonly IDriveFile _file;
    private readonly Action<DriveIoException> _onFault;

    private LocalShardReader(DataId data, IDriveFile file, long length, Action<DriveIoException> onFault)
    {
        _data = data;
        _file = file;
        _onFault = onFault;
        Length = length;
    }

    public long Length { get; }

    /// <summary>Takes the file over, also when it fails.</summary>
    /// <exception cref="DriveIoException">Not this shard, or not all of it.</exception>
    public static async ValueTask<LocalShardReader> OpenAsync(
        DataId data, IDriveFile file, long length, Action<DriveIoException> onFault, CancellationToken cancellationToken)
    {
        try
        {
            byte[] header = new byte[ShardLayout.HeaderSize];
            int read = await file.ReadAsync(0, header, cancellationToken);
            ShardLayout.CheckHeader(data, header.AsSpan(0, read));
            if (file.Length != ShardLayout.FileSize(length))
            {
                throw new DriveIoException(
                    DriveFault.Corrupt,
                    $"Shard {data} has a file of {file.Length} bytes instead of {ShardLayout.FileSize(length)}.");
            }

            return new LocalShardReader(data, file, length, onFault);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<DriveResult<int>> ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        long wanted = Math.Min(destination.Length, Length - offset);
        if (wanted <= 0)
        {
            return 0;
        }

        byte[] buffer = ShardBuffer.Rent();
        try
        {
            int filled = 0;
            while (filled < wanted)
            {
                filled += await ReadChunksAsync(
                    offset + filled, destination[filled..(int)wanted], buffer, cancellationToken);
            }

            return filled;
        }
        catch (DriveIoException e)
        {
            _onFault(e);
            return e.Fault;
        }
        finally
        {
            ShardBuffer.Return(buffer);
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async ValueTask<int> ReadChunksAsync(
        long offset, Memory<byte> destination, byte[] buffer, CancellationToken cancellationToken)
    {
        long first = offset / ShardLayout.ChunkSize;
        long last = Math.Min((offset + destination.Length - 1) / ShardLayout.ChunkSize, first + ShardBuffer.Chunks - 1);
        long contentLength = Math.Min(Length, (last + 1) * ShardLayout.ChunkSize) - first * ShardLayout.ChunkSize;
        int framesLength = (int)(contentLength + (last - first + 1) * ShardLayout.ChecksumSize);
        long position = ShardLayout.HeaderSize + first * ShardLayout.FrameSize;
        int read = await _file.ReadAsync(position, buffer.AsMemory(0, framesLength), cancellationToken);
        if (read != framesLength)
        {
            throw new DriveIoException(DriveFault.Corrupt, $"The file of shard {_data} became shorter.");
        }

        return Verify(first, offset, buffer.AsSpan(0, framesLength), destination.Span);
    }

    private int Verify(long chunk, long offset, ReadOnlySpan<byte> frames, Span<byte> destination)
    {
        int filled = 0;
        int skip = (int)(offset - chunk * ShardLayout.ChunkSize);
        while (!frames.IsEmpty)
        {
            ReadOnlySpan<byte> frame = frames[..Math.Min(frames.Length, ShardLayout.FrameSize)];
            if (!ShardLayout.IsIntact(_data, chunk, frame))
            {
                throw new DriveIoException(DriveFault.Corrupt, $"Chunk {chunk} of shard {_data} fails its checksum.");
            }

            ReadOnlySpan<byte> content = frame[skip..^ShardLayout.ChecksumSize];
            content = content[..Math.Min(content.Length, destination.Length - filled)];
            content.CopyTo(destination[filled..]);
            filled += content.Length;
            frames = frames[frame.Length..];
            skip = 0;
            chunk++;
        }

        return filled;
    }
}

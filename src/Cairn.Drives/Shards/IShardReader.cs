namespace Cairn.Drives.Shards;

/// <summary>Reads one shard at any offset. Stays readable after the shard is dropped, until disposed.</summary>
public interface IShardReader : IAsyncDisposable
{
    /// <summary>Length of the shard in bytes, checksums not counted.</summary>
    long Length { get; }

    /// <summary>
    /// Fills the buffer from the offset with verified bytes, as far as the shard goes; returns how many.
    /// Corrupt when a chunk in the range fails its checksum: then the buffer's content is undefined.
    /// </summary>
    ValueTask<DriveResult<int>> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}

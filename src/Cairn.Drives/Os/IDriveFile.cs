namespace Cairn.Drives.Os;

/// <summary>An open file. One writer; readers at any offset.</summary>
public interface IDriveFile : IAsyncDisposable
{
    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>Writes all bytes at the offset. Not durable yet.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Writes the parts one behind the other from the offset, in one call to the device. Not durable yet.</summary>
    ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken);

    /// <summary>Fills the buffer as far as the file goes; returns how many bytes.</summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Makes content and length durable (fdatasync).</summary>
    /// <exception cref="DriveIoException">What was written since the last sync may be lost: poison.</exception>
    ValueTask SyncAsync(CancellationToken cancellationToken);
}

using Cairn.Cluster.RemoteDrives.Messages;
using Cairn.Cluster.Transport;
using Cairn.Drives;
using Cairn.Drives.Shards;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Reads a shard on another node, in parts that are asked for together.</summary>
/// <remarks>
/// Failure: bound to the connection that opened it; when that ends, so does the reader, with Offline.
/// Concurrency: any number of reads at once.
/// </remarks>
internal sealed class RemoteShardReader(ShardHandle handle, long length) : IShardReader
{
    private bool _isDisposed;

    public long Length => length;

    public async ValueTask<DriveResult<int>> ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int wanted = (int)Math.Clamp(Length - offset, 0, destination.Length);
        int chunk = handle.Options.ChunkBytes;
        if (wanted <= chunk)
        {
            return wanted == 0 ? 0 : await ReadPartAsync(offset, destination[..wanted], cancellationToken);
        }

        // All are waited for, whatever becomes of one: afterwards the buffer belongs to the caller again.
        List<Task<DriveResult<int>>> parts = [];
        for (int at = 0; at < wanted; at += chunk)
        {
            Memory<byte> part = destination[at..Math.Min(wanted, at + chunk)];
            parts.Add(ReadPartAsync(offset + at, part, cancellationToken).AsTask());
        }

        foreach (DriveResult<int> part in await Task.WhenAll(parts))
        {
            if (!part.IsOk)
            {
                return part;
            }
        }

        return wanted;
    }

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            handle.Close(DriveCallKind.CloseShard);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask<DriveResult<int>> ReadPartAsync(
        long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Frame frame = handle.Request(DriveCallKind.ReadShard);
        MessageWriter writer = new(frame);
        writer.Count(offset);
        writer.Count(destination.Length);
        using DriveReply reply = await handle.CallAsync(frame, cancellationToken);
        if (reply.Fault != DriveFault.None)
        {
            return reply.Fault;
        }

        // The length of an open shard does not change: less than what was asked for is a damaged answer.
        if (reply.Body.Length != destination.Length)
        {
            return DriveFault.Io;
        }

        reply.Body.CopyTo(destination);
        return destination.Length;
    }
}

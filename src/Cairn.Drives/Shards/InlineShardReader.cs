namespace Cairn.Drives.Shards;

/// <summary>Reads a shard that came with its row, checked already.</summary>
internal sealed class InlineShardReader(ReadOnlyMemory<byte> shard) : IShardReader
{
    public long Length => shard.Length;

    public ValueTask<DriveResult<int>> ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (offset >= shard.Length)
        {
            return ValueTask.FromResult<DriveResult<int>>(0);
        }

        ReadOnlyMemory<byte> rest = shard[(int)offset..];
        rest = rest[..Math.Min(rest.Length, destination.Length)];
        rest.CopyTo(destination);
        return ValueTask.FromResult<DriveResult<int>>(rest.Length);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace Cairn.Drives.Shards;

/// <summary>Writes one shard, front to back. Disposing without a seal removes what was written.</summary>
public interface IShardWriter : IAsyncDisposable
{
    /// <summary>Appends bytes; the buffer may be reused when the call completes. Not durable yet.</summary>
    ValueTask<DriveFault> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Appends runs of bytes one behind the other; each counts as by a call of its own.</summary>
    async ValueTask<DriveFault> WriteAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> runs, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> run in runs)
        {
            DriveFault fault = await WriteAsync(run, cancellationToken);
            if (fault != DriveFault.None)
            {
                return fault;
            }
        }

        return DriveFault.None;
    }

    /// <summary>
    /// Makes the shard durable (file data, then the directory entry). It stays invisible until an accept names its data
    /// id, and is removed by the next start if none did.
    /// </summary>
    ValueTask<DriveFault> SealAsync(CancellationToken cancellationToken);
}

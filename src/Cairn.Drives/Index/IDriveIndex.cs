namespace Cairn.Drives.Index;

/// <summary>Ordered keys with atomic durable batches.</summary>
/// <remarks>
/// Production: RocksDB. Simulation: a model in which batches that were not durable are lost at a crash.
/// Concurrency: any number of readers; one writer at a time (the drive's committer).
/// Failure: throws DriveIoException; after a failed write the index refuses all further writes (Poisoned).
/// </remarks>
public interface IDriveIndex : IAsyncDisposable
{
    /// <summary>The value, or null. The array belongs to the caller.</summary>
    /// <exception cref="Os.DriveIoException">The device failed, or the stored value fails its checksum.</exception>
    ValueTask<byte[]?> GetAsync(IndexFamily family, ReadOnlyMemory<byte> key);

    /// <summary>The values of several keys of one family, in their order; null for those that are not there.</summary>
    /// <exception cref="Os.DriveIoException">As GetAsync, for any of them.</exception>
    async ValueTask<byte[]?[]> GetManyAsync(IndexFamily family, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        byte[]?[] values = new byte[]?[keys.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = await GetAsync(family, keys[i]);
        }

        return values;
    }

    /// <summary>Applies all of the batch or nothing. Durable when the task completes. The batch may then be reused.</summary>
    /// <exception cref="Os.DriveIoException">Nothing is known to be durable; the index is poisoned.</exception>
    ValueTask WriteAsync(IndexBatch batch);

    /// <summary>A view of one family as it is now, keys from lower (inclusive) to upper (exclusive).</summary>
    IIndexCursor OpenCursor(IndexFamily family, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper);

    /// <summary>Two cursors over one and the same view.</summary>
    /// <remarks>The default suits an index that cannot change between two calls of one thread.</remarks>
    (IIndexCursor First, IIndexCursor Second) OpenCursors(IndexRange first, IndexRange second) =>
        (OpenCursor(first.Family, first.Lower.Span, first.Upper.Span),
            OpenCursor(second.Family, second.Lower.Span, second.Upper.Span));

    /// <summary>Runs work that walks cursors where it may wait for the device without holding up the caller's thread.</summary>
    /// <exception cref="Os.DriveIoException">As thrown by the work, or the drive is not to be had.</exception>
    ValueTask ScanAsync(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        work();
        return ValueTask.CompletedTask;
    }
}

namespace Cairn.Drives;

/// <summary>Bounds of one drive. The defaults suit production; tests make them small.</summary>
public sealed record LocalDriveOptions
{
    /// <summary>Room kept for deletes: the larger of this many bytes and <see cref="ReservePercent"/>.</summary>
    public long ReserveBytes { get; init; } = 256L << 20;

    /// <summary>Room kept for deletes, in percent of the file system; 0 for none.</summary>
    public int ReservePercent { get; init; } = 1;

    /// <summary>Operations that may wait for the committer; further ones are answered Busy.</summary>
    public int MaxQueuedOperations { get; init; } = 8192;

    /// <summary>Bytes that may wait for the committer; further operations are answered Busy.</summary>
    public long MaxQueuedBytes { get; init; } = 64L << 20;

    /// <summary>Operations made durable by one sync. Bounds how long the first of them waits for the last.</summary>
    public int MaxBatchOperations { get; init; } = 1024;

    /// <summary>Bytes made durable by one sync.</summary>
    public long MaxBatchBytes { get; init; } = 4L << 20;

    /// <summary>Heads of registers kept in memory, at most; each takes up to a kilobyte.</summary>
    public int CachedHeads { get; init; } = 16 << 10;
}

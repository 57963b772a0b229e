namespace Cairn.Drives.Index.RocksDb;

/// <summary>How much indexes hold in memory and in files. The defaults suit production; tests make them small.</summary>
/// <remarks>
/// Four drives with the defaults stay below half a gigabyte whatever is written, which leaves room for the program itself
/// under the 700 MiB that a loaded node may take.
/// </remarks>
public sealed record RocksDbSizes
{
    /// <summary>Blocks of tables in memory, all drives together.</summary>
    public long CacheBytes { get; init; } = 256L << 20;

    /// <summary>What RocksDB may hold for a drive before it goes into sorted files.</summary>
    public long WriteBufferBytes { get; init; } = 24L << 20;

    /// <summary>What may wait in front of RocksDB before it goes there; twice as much at worst.</summary>
    public long BufferBytes { get; init; } = 2L << 20;

    /// <summary>
    /// When a drive goes on to the next file of its log. A start has two of them to read, or more if the device could not
    /// keep up.
    /// </summary>
    public long LogFileBytes { get; init; } = 64L << 20;

    /// <summary>When a drive goes on to the next pack.</summary>
    public long PackBytes { get; init; } = 64L << 20;
}

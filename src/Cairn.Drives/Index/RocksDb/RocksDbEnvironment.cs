namespace Cairn.Drives.Index.RocksDb;

/// <summary>What all indexes of a process share: memory.</summary>
/// <remarks>
/// Ownership: whoever opens indexes with it disposes it after them.
/// The sizes: four drives with the defaults stay below half a gigabyte whatever is written, which leaves room for the
/// program itself under the 700 MiB that a loaded node may take.
/// </remarks>
public sealed class RocksDbEnvironment : IDisposable
{
    /// <param name="cacheBytes">Blocks and inline shards kept in memory, all drives together.</param>
    /// <param name="writeBufferBytes">What a drive may hold in memory before it goes into sorted files.</param>
    /// <param name="logFileBytes">
    /// When a drive goes on to the next file of its log; a start has two of them to read at most, unless the device
    /// cannot keep up.
    /// </param>
    /// <exception cref="Os.DriveIoException">RocksDB's library is missing.</exception>
    public RocksDbEnvironment(
        long cacheBytes = 160L << 20, long writeBufferBytes = 48L << 20, long logFileBytes = 64L << 20)
    {
        RocksDbLibrary.Load();
        WriteBufferBytes = writeBufferBytes;
        LogFileBytes = logFileBytes;
        Cache = RocksDbNative.CacheCreateLru((nuint)cacheBytes);
    }

    internal nint Cache { get; private set; }

    internal long WriteBufferBytes { get; }

    internal long LogFileBytes { get; }

    public void Dispose()
    {
        if (Cache != 0)
        {
            RocksDbNative.CacheDestroy(Cache);
            Cache = 0;
        }
    }
}

namespace Cairn.Drives.Index.RocksDb;

/// <summary>What all indexes of a process share: memory.</summary>
/// <remarks>Ownership: whoever opens indexes with it disposes it after them.</remarks>
public sealed class RocksDbEnvironment : IDisposable
{
    /// <param name="sizes">Null: the defaults.</param>
    /// <exception cref="Os.DriveIoException">RocksDB's library is missing.</exception>
    public RocksDbEnvironment(RocksDbSizes? sizes = null)
    {
        RocksDbLibrary.Load();
        Sizes = sizes ?? new RocksDbSizes();
        Cache = RocksDbNative.CacheCreateLru((nuint)Sizes.CacheBytes);
    }

    internal nint Cache { get; private set; }

    internal RocksDbSizes Sizes { get; }

    public void Dispose()
    {
        if (Cache != 0)
        {
            RocksDbNative.CacheDestroy(Cache);
            Cache = 0;
        }
    }
}

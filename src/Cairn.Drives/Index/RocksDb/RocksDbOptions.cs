namespace Cairn.Drives.Index.RocksDb;

/// <summary>RocksDB's settings for a drive.</summary>
internal static unsafe class RocksDbOptions
{
    private const int NoCompression = 0;
    // A search within a block ends in a hash table instead of a dozen steps of a binary search.
    private const int BinaryAndHash = 1;

    // CRC-32C, the default, takes a table and a nanosecond for each byte where RocksDB is built for any processor, as
    // distributions do. Tables written with another checksum stay readable: each says which one it has.
    private const byte Xxh3 = 4;

    // On a full drive RocksDB's own messages cannot be written either, and one that is built with assertions, as Debian's is,
    // ends the process over the next message. What an error is about it tells its caller as well.
    private const int FatalLevel = 4;
    private const double FilterBitsPerKey = 10;

    // Of a write buffer: about ten bits for each of the small rows that it can hold.
    private const double MemtableFilterRatio = 0.01;

    /// <summary>Settings of the database as a whole. To be destroyed by the caller.</summary>
    public static nint ForDatabase(RocksDbSettings settings)
    {
        RocksDbEnvironment environment = settings.Environment;
        bool isNew = settings.Mode == RocksDbMode.Create;
        nint options = ForFamily(environment);
        RocksDbNative.OptionsSetCreateIfMissing(options, isNew ? (byte)1 : (byte)0);
        RocksDbNative.OptionsSetCreateMissingColumnFamilies(options, isNew ? (byte)1 : (byte)0);
        RocksDbNative.OptionsSetParanoidChecks(options, 1);
        RocksDbNative.OptionsSetDbWriteBufferSize(options, (nuint)environment.Sizes.WriteBufferBytes);
        RocksDbNative.OptionsSetMaxManifestFileSize(options, 16 << 20);
        RocksDbNative.OptionsSetMaxOpenFiles(options, 512);
        RocksDbNative.OptionsSetMaxBackgroundJobs(options, 2);

        // Writes come one by one: from drains.
        RocksDbNative.OptionsSetAllowConcurrentMemtableWrite(options, 0);
        RocksDbNative.OptionsSetBytesPerSync(options, 1 << 20);
        RocksDbNative.OptionsSetSkipStatsUpdateOnOpen(options, 1);
        RocksDbNative.OptionsSetInfoLogLevel(options, FatalLevel);
        RocksDbNative.OptionsSetMaxLogFileSize(options, 1 << 20);
        RocksDbNative.OptionsSetKeepLogFileNum(options, 2);
        RocksDbNative.OptionsSetStatsDumpPeriodSec(options, 0);
        if (settings.LogDirectory is { } logDirectory)
        {
            fixed (byte* path = Utf8Path(logDirectory))
            {
                RocksDbNative.OptionsSetDbLogDirectory(options, path);
            }
        }

        return options;
    }

    /// <summary>Settings of one family. To be destroyed by the caller.</summary>
    public static nint ForFamily(RocksDbEnvironment environment)
    {
        nint options = RocksDbNative.OptionsCreate();
        nint table = RocksDbNative.TableOptionsCreate();
        RocksDbNative.TableOptionsSetBlockCache(table, environment.Cache);
        RocksDbNative.TableOptionsSetBlockSize(table, 4 << 10);
        RocksDbNative.TableOptionsSetDataBlockIndexType(table, BinaryAndHash);
        RocksDbNative.TableOptionsSetChecksum(table, Xxh3);
        RocksDbNative.TableOptionsSetFilterPolicy(table, RocksDbNative.FilterPolicyCreateBloom(FilterBitsPerKey));
        RocksDbNative.TableOptionsSetCacheIndexAndFilterBlocks(table, 1);
        RocksDbNative.TableOptionsSetPinL0FilterAndIndexBlocks(table, 1);
        RocksDbNative.OptionsSetBlockBasedTableFactory(options, table);
        RocksDbNative.TableOptionsDestroy(table);
        RocksDbNative.OptionsSetWriteBufferSize(options, (nuint)environment.Sizes.WriteBufferBytes / 2);
        RocksDbNative.OptionsSetMaxWriteBufferNumber(options, 3);

        // Most keys that a write asks for are new: a filter says so where the search would touch a dozen cache lines.
        RocksDbNative.OptionsSetMemtableBloomSizeRatio(options, MemtableFilterRatio);
        RocksDbNative.OptionsSetMemtableWholeKeyFiltering(options, 1);
        RocksDbNative.OptionsSetDynamicLevelBytes(options, 1);
        RocksDbNative.OptionsSetCompression(options, NoCompression);
        return options;
    }

    /// <summary>A path as C wants it: UTF-8 with a NUL behind.</summary>
    public static byte[] Utf8Path(string path)
    {
        byte[] bytes = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        int length = System.Text.Encoding.UTF8.GetBytes(path, bytes);
        return bytes[..(length + 1)];
    }
}

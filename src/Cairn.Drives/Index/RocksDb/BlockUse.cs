namespace Cairn.Drives.Index.RocksDb;

/// <summary>What a search may do with blocks of tables. RocksDB's cache always keeps what leads to them.</summary>
internal enum BlockUse
{
    /// <summary>Only those in RocksDB's cache.</summary>
    OnlyCached,

    /// <summary>
    /// All, and none is added to the cache. For reads that the page cache answers: a second copy there makes room for a row
    /// that is not asked for again by pushing out a block, which costs more than reading it.
    /// </summary>
    NotKept,

    /// <summary>All, and those read from the device are kept, so that the next search does not wait.</summary>
    Kept,
}

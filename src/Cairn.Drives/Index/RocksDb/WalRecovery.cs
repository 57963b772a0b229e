namespace Cairn.Drives.Index.RocksDb;

/// <summary>What to make of a log that does not read to its end (RocksDB's WALRecoveryMode).</summary>
internal enum WalRecovery
{
    /// <summary>An unfinished last record is dropped: it was never answered. Any other damage refuses the opening.</summary>
    Strict = 0,

    /// <summary>
    /// Everything behind the first damage is dropped, answered or not: the drive comes back as of an earlier moment,
    /// and must not vote until it has been rebuilt.
    /// </summary>
    Lossy = 2,
}

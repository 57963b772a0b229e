namespace Cairn.Drives.Inspection;

/// <summary>What is wrong with a drive.</summary>
public enum DriveDefectKind
{
    /// <summary>A row of the index fails its checksum or makes no sense.</summary>
    BadRow,

    /// <summary>An entry names data that has no row, or whose file is gone.</summary>
    MissingShard,

    /// <summary>A shard file fails a checksum or has the wrong length.</summary>
    BadShard,

    /// <summary>A shard file that no row names. The next start removes it.</summary>
    OrphanFile,

    /// <summary>A row of Shards that no entry names: room that is never given back.</summary>
    UnreferredShard,

    /// <summary>A block of the index cannot be read.</summary>
    BadIndex,
}

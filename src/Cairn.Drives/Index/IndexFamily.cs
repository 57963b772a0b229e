namespace Cairn.Drives.Index;

/// <summary>The tables of a drive's index (RocksDB column families). Names and numbers are on disk: never change one.</summary>
public enum IndexFamily : byte
{
    /// <summary>Drive-wide values: identity, floor, closed buckets, mark of an orderly close.</summary>
    System = 0,

    /// <summary>Register key to promise, unsettled entries and current entry.</summary>
    Heads = 1,

    /// <summary>Register key, NUL, inverted birth to a committed noncurrent entry or tombstone.</summary>
    Versions = 2,

    /// <summary>Data id to the inline shard, or to the description of a shard file; with its referrers.</summary>
    Shards = 3,

    /// <summary>Missing drive, register key, NUL, slot to the ballot it lacks.</summary>
    Journal = 4,
}

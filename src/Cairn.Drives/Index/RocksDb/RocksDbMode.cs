namespace Cairn.Drives.Index.RocksDb;

/// <summary>How an index is opened.</summary>
public enum RocksDbMode
{
    /// <summary>It must be there. The default: an index that went missing must not come back empty.</summary>
    Open,

    /// <summary>For the formatting of a drive.</summary>
    Create,

    /// <summary>Nothing on the drive changes.</summary>
    ReadOnly,
}

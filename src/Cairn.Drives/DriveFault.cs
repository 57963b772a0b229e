namespace Cairn.Drives;

/// <summary>Why a drive did not do what it was asked. A value, not an exception: a missing drive is an ordinary day.</summary>
public enum DriveFault
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The drive is not there: unmounted, removed, closed, or its node is unreachable.</summary>
    Offline,

    /// <summary>No answer within the deadline. The operation may or may not have happened.</summary>
    Timeout,

    /// <summary>Too little room; deletes still work.</summary>
    Full,

    /// <summary>The device reported an error for this operation.</summary>
    Io,

    /// <summary>Stored bytes fail their checksum.</summary>
    Corrupt,

    /// <summary>An fsync failed earlier: nothing written since is trusted until the drive is reopened.</summary>
    Poisoned,

    /// <summary>The named shard is not on this drive.</summary>
    NotFound,

    /// <summary>Too much is queued; try again later.</summary>
    Busy,

    /// <summary>Written by a newer release than this one: neither read nor overwritten.</summary>
    NewerFormat,

    /// <summary>A later order of the same kind was carried out before.</summary>
    Superseded,

    /// <summary>Asked in the name of a layout that is over. Surely nothing happened.</summary>
    Fenced,
}

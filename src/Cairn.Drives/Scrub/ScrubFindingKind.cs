namespace Cairn.Drives.Scrub;

/// <summary>What a scrub found to be bad.</summary>
public enum ScrubFindingKind
{
    /// <summary>
    /// A register lost its head or a version. The drive has noted that in its journal against itself and does not vote
    /// on the register until the line is cleared.
    /// </summary>
    Register,

    /// <summary>A shard, inline or in a file, is corrupt or gone: to be restored from the other drives.</summary>
    Shard,
}

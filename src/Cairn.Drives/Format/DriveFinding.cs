namespace Cairn.Drives.Format;

/// <summary>What a path leads to.</summary>
public enum DriveFinding
{
    /// <summary>There is nothing at the path.</summary>
    Missing,

    /// <summary>An empty folder, or what an interrupted formatting left in one.</summary>
    Empty,

    /// <summary>A drive.</summary>
    Formatted,

    /// <summary>Somebody's files, a newer format, or not to be read.</summary>
    Unusable,
}

namespace Cairn.Drives.Format;

/// <summary>What was found at a path.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="Finding">What it is.</param>
/// <param name="Format">Only of a formatted drive.</param>
/// <param name="Problem">Of an unusable one: the end of "The drive at P cannot be used: ".</param>
public sealed record DriveProbe(string Path, DriveFinding Finding, DriveFormat? Format = null, string? Problem = null)
{
    /// <summary>A file system is mounted at the very path.</summary>
    public bool IsMountPoint { get; init; }
}

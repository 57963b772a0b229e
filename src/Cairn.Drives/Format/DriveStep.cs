namespace Cairn.Drives.Format;

/// <summary>What to do with one path.</summary>
public enum DriveStep
{
    /// <summary>Make a drive of it, together with all others.</summary>
    Format,

    /// <summary>Make a drive of it for a node that has others: it takes another one's place, or is added, and recovers first.</summary>
    FormatRecovering,

    /// <summary>Open it; it may still turn out to be the wrong drive.</summary>
    Open,

    /// <summary>Start without it.</summary>
    LeaveOut,
}

namespace Cairn.Drives;

/// <summary>What a drive is good for right now.</summary>
public enum DriveState
{
    /// <summary>Serves and votes.</summary>
    Online,

    /// <summary>
    /// Was empty when it took its place: it stores and serves what it is given, but lost the promises of its
    /// predecessor and therefore does not count in any quorum until it is rebuilt.
    /// </summary>
    Recovering,

    /// <summary>Not there.</summary>
    Offline,

    /// <summary>Refuses writes after a failed fsync.</summary>
    Poisoned,
}

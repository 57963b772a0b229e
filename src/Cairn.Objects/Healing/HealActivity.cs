namespace Cairn.Objects.Healing;

/// <summary>What healing does for a drive right now.</summary>
public enum HealActivity
{
    /// <summary>Nothing is known to be missing.</summary>
    Idle = 0,

    /// <summary>Brings the writes that the drive missed, from the journals of the others.</summary>
    Catching,

    /// <summary>Fills a drive that took the place of another one.</summary>
    Rebuilding,

    /// <summary>Something could not be healed yet (too few drives answer); tried again after a pause.</summary>
    Waiting,
}

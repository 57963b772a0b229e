namespace Cairn.Objects.Healing;

/// <summary>What is being done about a drive.</summary>
public enum HealingPhase
{
    /// <summary>Nothing is known to be missing on it.</summary>
    Whole = 0,

    /// <summary>It lacks something, and is not there or waits for others.</summary>
    Waiting,

    /// <summary>It was away: what the others' journals say it missed is being brought.</summary>
    CatchingUp,

    /// <summary>It was replaced by an empty one: everything is being brought.</summary>
    Rebuilding,
}

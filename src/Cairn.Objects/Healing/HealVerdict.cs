namespace Cairn.Objects.Healing;

/// <summary>How healing one value ended.</summary>
internal enum HealVerdict
{
    /// <summary>There was nothing to bring: the drive holds what counts, or nothing counts.</summary>
    Nothing = 0,

    /// <summary>Brought and read back.</summary>
    Healed,

    /// <summary>Not now: too few drives answer, or the drive refused.</summary>
    Unavailable,
}

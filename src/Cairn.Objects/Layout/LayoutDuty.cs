namespace Cairn.Objects.Layout;

/// <summary>What a drive of the layout is there for. Stored: never renumber.</summary>
public enum LayoutDuty
{
    /// <summary>Holds its share of the partitions.</summary>
    Active = 0,

    /// <summary>Is being drained: it keeps what it holds until that has moved, and gets nothing new.</summary>
    Leaving = 1,

    /// <summary>
    /// Holds nothing and is asked nothing. Its number stays taken; the drive may only come back under another id, after it
    /// was formatted anew, since nobody knows what it still has.
    /// </summary>
    Left = 2,
}

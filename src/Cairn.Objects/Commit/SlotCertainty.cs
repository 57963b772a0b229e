namespace Cairn.Objects.Commit;

/// <summary>How far a slot's value can be relied on.</summary>
internal enum SlotCertainty
{
    /// <summary>The winner is chosen (or there is none, and none can become chosen).</summary>
    Certain,

    /// <summary>The winner may have been chosen: accept it again before relying on it.</summary>
    MaybeChosen,

    /// <summary>The winner may have been chosen, but too few of its shards were heard to restore it.</summary>
    TooThin,
}

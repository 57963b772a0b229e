namespace Cairn.Objects.Rebalance;

/// <summary>What became of something that was asked of the layout.</summary>
public enum LayoutOutcome
{
    /// <summary>It is so.</summary>
    Done,

    /// <summary>It contradicts the layout; nothing was changed.</summary>
    Refused,

    /// <summary>The layout is another one by now; nothing was changed.</summary>
    Outdated,

    /// <summary>Too few of the voting nodes answer. What was to be changed may be changed or not.</summary>
    NoMajority,
}

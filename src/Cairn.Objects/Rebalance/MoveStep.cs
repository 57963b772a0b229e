namespace Cairn.Objects.Rebalance;

/// <summary>What came of a step of the mover.</summary>
internal enum MoveStep
{
    /// <summary>Nothing is to be done, or not by this node.</summary>
    Idle,

    /// <summary>The layout went on.</summary>
    Done,

    /// <summary>Nodes have yet to come along.</summary>
    Waiting,

    /// <summary>Drives are missing, or hold something that cannot be brought now; tried again.</summary>
    Stuck,
}

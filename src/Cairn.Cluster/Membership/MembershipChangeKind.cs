namespace Cairn.Cluster.Membership;

public enum MembershipChangeKind
{
    /// <summary>A node that was not known.</summary>
    Appeared,

    /// <summary>A node said something new of itself: its state, address, metadata.</summary>
    Updated,

    /// <summary>Silent: route around it.</summary>
    Suspected,

    /// <summary>No longer suspected.</summary>
    Cleared,

    Failed,

    /// <summary>A failed node denied that it failed.</summary>
    Returned,

    /// <summary>Failed or gone for so long that it is no longer listed.</summary>
    Forgotten,

    /// <summary>Two processes at different addresses use one node id.</summary>
    DuplicateNode,

    /// <summary>The clock of the node is too far from the median of all clocks.</summary>
    ClockSkewed,

    /// <summary>The clock of the node is right again.</summary>
    ClockCorrected,

    /// <summary>A node of another cluster called, or was called.</summary>
    ForeignCluster,
}

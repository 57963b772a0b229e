namespace Cairn.Cluster.Membership.Messages;

/// <summary>Why a message had no effect.</summary>
internal enum MessageRefusal
{
    None,
    Oversized,

    /// <summary>A format that this program no longer, or does not yet, read.</summary>
    Version,
    Malformed,
    ForeignCluster,

    /// <summary>For another node, or for a node that was here before.</summary>
    Misdirected,

    /// <summary>An answer that nobody waits for: too late, twice, or made up.</summary>
    Unsolicited,

    /// <summary>More members, or more requests, than this node takes.</summary>
    OverLimit,
}

namespace Cairn.Cluster.Agreement;

/// <summary>What an acceptor did with a request.</summary>
public enum AcceptorVote : byte
{
    /// <summary>It promised something newer. Nothing changed.</summary>
    Refused,

    /// <summary>It promised, or accepted.</summary>
    Granted,

    /// <summary>Its drives are new: it may have voted before and forgotten it, so it does not vote yet.</summary>
    Blank,

    /// <summary>It belongs to another deployment.</summary>
    Stranger,
}

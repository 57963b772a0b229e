namespace Cairn.Objects.Quorum;

/// <summary>Why a drive is asked only where the others are too few.</summary>
public enum AsideReason
{
    /// <summary>It is not set aside.</summary>
    None,

    /// <summary>Its node was found silent, or is about to go.</summary>
    Node,

    /// <summary>A call went unanswered to its deadline.</summary>
    Silent,

    /// <summary>It answered much later than the others, again and again.</summary>
    Lagging,

    /// <summary>It is asked like the others again, and has yet to answer in time.</summary>
    OnTrial,
}

namespace Cairn.Cluster.Agreement;

/// <summary>Whether a change took effect.</summary>
public enum ChangeOutcome
{
    /// <summary>It is agreed, for good.</summary>
    Changed,

    /// <summary>Another change came first; this one has not taken effect and never will.</summary>
    Superseded,

    /// <summary>
    /// Too few nodes answered, or others have gone on from where it is not known whether it counted. It may have taken
    /// effect, or may still.
    /// </summary>
    Unknown,
}

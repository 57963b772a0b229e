namespace Cairn.Objects.Commit;

/// <summary>What became of a proposal that did not reach its quorum at once.</summary>
internal enum ProposalFate
{
    /// <summary>It took effect.</summary>
    Chosen,

    /// <summary>It did not and never will: it may be repeated as a new proposal.</summary>
    Dead,

    /// <summary>It may have taken effect, or may still.</summary>
    Unknown,
}

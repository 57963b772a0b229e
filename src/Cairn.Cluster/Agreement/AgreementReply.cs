using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>An acceptor's answer.</summary>
/// <param name="Vote">What it did.</param>
/// <param name="State">Its state after the answer; Empty of one that does not vote.</param>
public sealed record AgreementReply(AcceptorVote Vote, AcceptorState State)
{
    /// <summary>What a refused proposer has to get above.</summary>
    public Ballot Promised => State.Promised;
}

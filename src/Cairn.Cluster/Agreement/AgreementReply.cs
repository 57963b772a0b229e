using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>An acceptor's answer.</summary>
/// <param name="IsGranted">It promised, or accepted.</param>
/// <param name="State">Its state after the answer.</param>
public sealed record AgreementReply(bool IsGranted, AcceptorState State)
{
    /// <summary>What a refused proposer has to get above.</summary>
    public Ballot Promised => State.Promised;
}

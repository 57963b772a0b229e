using Cairn.Cluster.Agreement;

namespace Cairn.Objects.Formation;

/// <summary>Of all nodes, those that vote on the layout.</summary>
/// <remarks>A voter that this node has no link to does not answer.</remarks>
internal sealed class VotingPeers(IFormationNodes nodes, IReadOnlyList<string> voters) : IAgreementPeers
{
    public int Count => voters.Count;

    /// <summary>This node's number among them; -1 when it does not vote.</summary>
    public int Self => Array.IndexOf([.. voters], nodes.Names[nodes.Self]);

    public ValueTask<AgreementReply?> AskAsync(
        int node, AgreementRequest request, CancellationToken cancellationToken)
    {
        int known = Array.IndexOf([.. nodes.Names], voters[node]);
        return known < 0 ? default : nodes.AskAsync(known, request, cancellationToken);
    }
}

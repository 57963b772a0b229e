namespace Cairn.Cluster.Agreement;

/// <summary>All nodes, of which this one does not answer: a majority has to be found among the others.</summary>
internal sealed class OtherPeers(IAgreementPeers peers, int self) : IAgreementPeers
{
    public int Count => peers.Count;

    public IEnumerable<int> Others => Enumerable.Range(0, peers.Count).Where(node => node != self);

    public ValueTask<AgreementReply?> AskAsync(int node, AgreementRequest request, CancellationToken cancellationToken) =>
        node == self ? ValueTask.FromResult<AgreementReply?>(null) : peers.AskAsync(node, request, cancellationToken);
}

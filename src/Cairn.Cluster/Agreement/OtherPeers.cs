namespace Cairn.Cluster.Agreement;

/// <summary>All nodes, of which this one does not answer: a majority has to be found among the others.</summary>
internal sealed class OtherPeers(IAgreementPeers peers, string self) : IAgreementPeers
{
    /// <summary>Who votes, without this one, as far as it knows.</summary>
    public IEnumerable<string> Others => ElectorateOf(AgreedDocument.None).Voters.Where(voter => voter != self);

    public Electorate ElectorateOf(AgreedDocument document) => peers.ElectorateOf(document);

    public ValueTask<AgreementReply?> AskAsync(string voter, AgreementRequest request, CancellationToken cancellationToken) =>
        voter == self ? ValueTask.FromResult<AgreementReply?>(null) : peers.AskAsync(voter, request, cancellationToken);
}

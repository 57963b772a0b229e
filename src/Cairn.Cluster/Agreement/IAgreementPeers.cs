namespace Cairn.Cluster.Agreement;

/// <summary>The nodes that agree, this one among them.</summary>
public interface IAgreementPeers
{
    /// <summary>Who votes on the successor of a document.</summary>
    /// <param name="document">Of version 0: who votes on the first one, or did as far as this node knows.</param>
    Electorate ElectorateOf(AgreedDocument document);

    /// <summary>Asks one node, and gives up on its own after a while.</summary>
    /// <param name="voter">Its name.</param>
    /// <param name="request">May arrive late, twice, or never.</param>
    /// <param name="cancellationToken">The answer is of no use any more.</param>
    /// <returns>Null when there was no answer.</returns>
    ValueTask<AgreementReply?> AskAsync(string voter, AgreementRequest request, CancellationToken cancellationToken);
}

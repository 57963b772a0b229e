namespace Cairn.Cluster.Agreement;

/// <summary>The nodes that agree, this one among them.</summary>
public interface IAgreementPeers
{
    /// <summary>How many there are; a majority of them decides.</summary>
    int Count { get; }

    /// <summary>Asks one node, and gives up on its own after a while.</summary>
    /// <param name="node">From 0.</param>
    /// <param name="request">May arrive late, twice, or never.</param>
    /// <param name="cancellationToken">The answer is of no use any more.</param>
    /// <returns>Null when there was no answer.</returns>
    ValueTask<AgreementReply?> AskAsync(int node, AgreementRequest request, CancellationToken cancellationToken);
}

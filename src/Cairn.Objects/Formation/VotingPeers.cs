using Cairn.Cluster.Agreement;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Formation;

/// <summary>Of all nodes, those that vote on the layout, which says itself who they are.</summary>
/// <remarks>A voter that this node has no link to does not answer. Concurrency: any caller.</remarks>
/// <param name="nodes">All that this node has links to.</param>
/// <param name="voters">As far as this node has heard, before it has read the layout.</param>
internal sealed class VotingPeers(IFormationNodes nodes, IReadOnlyList<string> voters) : IAgreementPeers
{
    private readonly Electorate _first = new(voters);
    private volatile Known? _known;

    public Electorate ElectorateOf(AgreedDocument document)
    {
        if (document.Version == 0)
        {
            return _first;
        }

        // Asked for often, and the document is large.
        if (_known is not { } known || !known.Document.Equals(document))
        {
            StoreLayout layout = LayoutFormation.Decode(document);
            known = new Known(document, layout.FormerVoters.Count == 0
                ? new Electorate(layout.Voters)
                : new Electorate(layout.Voters, layout.FormerVoters));
            _known = known;
        }

        return known.Electorate;
    }

    public ValueTask<AgreementReply?> AskAsync(
        string voter, AgreementRequest request, CancellationToken cancellationToken)
    {
        int known = Array.IndexOf([.. nodes.Names], voter);
        return known < 0 ? default : nodes.AskAsync(known, request, cancellationToken);
    }

    private sealed record Known(AgreedDocument Document, Electorate Electorate);
}

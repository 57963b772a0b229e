using Cairn.Cluster.Agreement;
using Cairn.Objects.Formation;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Rebalance;

/// <summary>The layout as a majority of the voting nodes has agreed on it.</summary>
/// <remarks>Concurrency: any caller; two changes of one layout are decided by the agreement.</remarks>
internal sealed class AgreedLayout(DocumentAgreement agreement, IFormationNodes nodes) : ILayoutRegister
{
    private volatile Known? _known;

    public async ValueTask<StoreLayout?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await agreement.ReadAsync(cancellationToken) is not { Version: > 0 } agreed)
        {
            return null;
        }

        // Decoded once for each version: the mover looks often.
        Known known = _known is { } held && held.Document.Version == agreed.Version
            ? held
            : new Known(agreed, LayoutFormation.Decode(agreed));
        _known = known;
        return known.Layout;
    }

    public async ValueTask<bool> TryChangeAsync(
        StoreLayout present, StoreLayout successor, CancellationToken cancellationToken)
    {
        if (_known is not { } known || known.Layout.Epoch != present.Epoch)
        {
            return false;
        }

        AgreedDocument next = known.Document with
        {
            Version = known.Document.Version + 1,
            Content = LayoutCodec.Encode(successor),
        };
        return (await agreement.TryChangeAsync(next, cancellationToken)).Outcome == ChangeOutcome.Changed;
    }

    public async ValueTask<IReadOnlyList<NodeStanding>> AskAsync(CancellationToken cancellationToken)
    {
        long newest = _known?.Layout.Epoch ?? 0;
        NodeStanding?[] answers = await Task.WhenAll(Enumerable.Range(0, nodes.Names.Count).Select(
            node => nodes.GetStandingAsync(node, newest, cancellationToken).AsTask()));
        return [.. answers.OfType<NodeStanding>()];
    }

    private sealed record Known(AgreedDocument Document, StoreLayout Layout);
}

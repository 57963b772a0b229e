using Cairn.Cluster.Agreement;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Formation;

/// <summary>Lets a running node vote on the layout from when the layout says that it does.</summary>
/// <remarks>Until it has entered it is a voter that does not answer. Concurrency: one caller.</remarks>
/// <param name="node">This one.</param>
/// <param name="entry">Its way in.</param>
/// <param name="layout">That it starts with.</param>
internal sealed class VoterEntry(string node, AgreementEntry entry, StoreLayout layout)
{
    private bool _isWanted = layout.Voters.Contains(node);
    private bool _hasEntered;

    public void Take(StoreLayout layout) => _isWanted = layout.Voters.Contains(node);

    public async ValueTask TryEnterAsync(CancellationToken cancellationToken)
    {
        if (_hasEntered || !_isWanted)
        {
            return;
        }

        try
        {
            _hasEntered = await entry.TryEnterAsync(cancellationToken);
        }
        catch (IOException)
        {
            // Its drives failed: it looks again with the next layout, or a little later.
            return;
        }
    }
}

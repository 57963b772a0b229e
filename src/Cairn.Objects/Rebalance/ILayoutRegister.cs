using Cairn.Objects.Layout;

namespace Cairn.Objects.Rebalance;

/// <summary>The layout that the nodes agree on, and how far each of them has come with it.</summary>
public interface ILayoutRegister
{
    /// <summary>The agreed layout, not older than any that was agreed before the call; null without a majority.</summary>
    ValueTask<StoreLayout?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Puts a layout in the place of the one that it was made from.</summary>
    /// <param name="present">As it was read.</param>
    /// <param name="successor">What it is to become.</param>
    /// <param name="cancellationToken">The outcome is unknown.</param>
    /// <returns>False when it was not done, or when nobody can tell: read again.</returns>
    ValueTask<bool> TryChangeAsync(StoreLayout present, StoreLayout successor, CancellationToken cancellationToken);

    /// <summary>Asks all nodes how far they have come; those that are behind look for the newest layout at once.</summary>
    /// <returns>Of the nodes that answer, this one among them.</returns>
    ValueTask<IReadOnlyList<NodeStanding>> AskAsync(CancellationToken cancellationToken);
}

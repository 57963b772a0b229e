using Cairn.Objects.Layout;

namespace Cairn.Objects.Formation;

/// <summary>Drives that a node of the store was started with and that the store does not have: an administrator may take them in.</summary>
/// <remarks>Nothing is kept of it: it is said again and again while it is so, and forgotten by others when it is not.</remarks>
/// <param name="nodes">Who is told.</param>
/// <param name="own">This node, with all of its drives.</param>
/// <param name="time">Paces the telling.</param>
public sealed class DriveProposal(IFormationNodes nodes, NodeDescription own, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>How many drives of this node the layout does not have.</summary>
    public int CountIn(StoreLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return own.Drives.Count(drive => !layout.HasHad(drive));
    }

    /// <summary>Runs until the store has them all, or it is stopped.</summary>
    /// <param name="layout">As this node knows it by now.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task RunAsync(Func<StoreLayout> layout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(layout);
        while (CountIn(layout()) > 0)
        {
            await TellAsync(nodes, stop);
            await Task.Delay(Period, time, stop);
        }
    }

    internal static Task TellAsync(IFormationNodes nodes, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, nodes.Names.Count).Select(
            node => nodes.IntroduceAsync(node, cancellationToken).AsTask()));
}

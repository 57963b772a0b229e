using Cairn.Objects.Layout;

namespace Cairn.Objects.Rebalance;

/// <summary>Keeps a node that starts from serving before the others know the layout that it works by.</summary>
/// <remarks>
/// Who does not know a node yet does not tell it of buckets that change, and it would go on by what it remembers. A node
/// that answers and does not come along holds it up for a while and not for ever.
/// </remarks>
public static class Arrival
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="register">Asks the others.</param>
    /// <param name="layout">That this node works by.</param>
    /// <param name="time">This node's.</param>
    /// <param name="cancellationToken">The node is stopped.</param>
    public static async Task AwaitKnownAsync(
        ILayoutRegister register, StoreLayout layout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(register);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(time);
        long started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            // The one who asks tells its epoch with the question; it has to have read it first.
            await register.ReadAsync(cancellationToken);
            IReadOnlyList<NodeStanding> standings = await register.AskAsync(cancellationToken);
            if (standings.All(standing => standing.Epoch >= layout.Epoch))
            {
                return;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}

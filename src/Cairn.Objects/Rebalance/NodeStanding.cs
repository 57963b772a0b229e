namespace Cairn.Objects.Rebalance;

/// <summary>How far a node has come with the layout.</summary>
/// <param name="Node">As the layout calls it.</param>
/// <param name="Epoch">It works by this layout, and its operations by older ones have ended, or will fail.</param>
/// <param name="Floor">Its drives refuse calls of older epochs, and none of those that they took is under way.</param>
/// <param name="Progress">Of the moves that it makes itself.</param>
public sealed record NodeStanding(string Node, long Epoch, long Floor, MoveCounts Progress = default);

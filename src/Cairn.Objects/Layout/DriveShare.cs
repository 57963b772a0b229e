namespace Cairn.Objects.Layout;

/// <summary>What a drive holds of the partitions, in positions of the table.</summary>
/// <param name="Holds">Now; positions on their way count where they go.</param>
/// <param name="WillHold">When all moves are done.</param>
/// <param name="Fair">By its weight, as far as the spread over nodes and zones allows it.</param>
public readonly record struct DriveShare(int Holds, int WillHold, int Fair);

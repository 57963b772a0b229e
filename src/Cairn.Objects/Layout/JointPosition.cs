namespace Cairn.Objects.Layout;

/// <summary>A position of a partition that two drives hold while it moves from one to the other.</summary>
/// <param name="Arriving">Number of the drive it moves to; the table still names the one it moves from.</param>
/// <param name="Since">Epoch in which it became joint.</param>
internal readonly record struct JointPosition(int Arriving, long Since);

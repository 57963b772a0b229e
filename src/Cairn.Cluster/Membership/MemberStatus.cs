namespace Cairn.Cluster.Membership;

/// <summary>What an operator wants to know of a member besides the view.</summary>
/// <param name="Member">The member.</param>
/// <param name="Silence">Since anything came from it to this node; null: nothing ever did. Zero for this node.</param>
/// <param name="RoundTrip">Mean; null before the first answer.</param>
/// <param name="ClockSkew">How far its clock is ahead of this node's; null before the first answer.</param>
/// <param name="ClockError">The skew is wrong by no more than this.</param>
/// <param name="ClockDeviation">How far its clock is ahead of the median of all; null before the first answer.</param>
public sealed record MemberStatus(
    MemberView Member,
    TimeSpan? Silence,
    TimeSpan? RoundTrip,
    TimeSpan? ClockSkew,
    TimeSpan ClockError,
    TimeSpan? ClockDeviation);

namespace Cairn.Objects.Layout;

/// <summary>What a change would move where. Nothing has been done yet.</summary>
/// <param name="Base">The epoch that it was planned on: the plan is void as soon as there is another one.</param>
/// <param name="Layout">With the changed drives and the target; not agreed.</param>
/// <param name="Moves">Every position that changes its drive, by partition.</param>
/// <param name="Shares">By number of the drive: how many positions it holds, is to hold, and what is its fair share.</param>
public sealed record LayoutPlan(
    long Base, StoreLayout Layout, IReadOnlyList<PartitionMove> Moves, IReadOnlyList<DriveShare> Shares);

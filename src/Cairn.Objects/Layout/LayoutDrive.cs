using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>A drive as the layout knows it.</summary>
/// <param name="Id">The drive.</param>
/// <param name="Node">The machine it is in: drives of one node fail together.</param>
/// <param name="Zone">What fails together above the node (rack, room); empty when not told.</param>
/// <param name="Weight">Its share of partitions relative to the others, at least 1.</param>
/// <param name="Duty">What it is there for.</param>
public sealed record LayoutDrive(
    DriveId Id, string Node, string Zone = "", int Weight = 1, LayoutDuty Duty = LayoutDuty.Active);

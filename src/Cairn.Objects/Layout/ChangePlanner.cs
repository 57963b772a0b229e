using System.Globalization;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Layout;

/// <summary>Plans what a change of the layout moves where: as little as leads to fair shares.</summary>
/// <remarks>
/// Purpose: pure, so that a dry run and the real one come to the same.
/// Steps: (1) the drives as they are to be; (2) their fair shares; (3) positions go from drives that hold too much to drives
/// that hold too little, one at a time, each time the one that helps the spread over zones and nodes most; (4) where the
/// spread is in the way of every such move, through a third drive.
/// Invariants: drives of a partition are distinct; no partition is spread worse than it was, unless its drive leaves and
/// nothing better is there; a drive never gets a partition that it has yet to drop.
/// </remarks>
public static class ChangePlanner
{
    /// <exception cref="ArgumentException">The change contradicts the layout, or leaves too few drives.</exception>
    public static LayoutPlan Plan(StoreLayout layout, LayoutChange change)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(change);
        LayoutDrive[] drives = Change(layout, change); // (1)
        if (drives.Count(drive => drive.Duty == LayoutDuty.Active) < layout.Width)
        {
            throw new ArgumentException(
                $"Objects of this store are spread over {layout.Width} drives, and fewer would be left.");
        }

        ushort[] present = layout.TableAhead();
        int[] fair = FairShares.Of(drives, layout.Width); // (2)
        ShareBalance balance = new(layout, drives, present, fair);
        balance.Run(); // (3), (4)
        LayoutProgress progress = layout.Progress with
        {
            Target = balance.Table.AsSpan().SequenceEqual(layout.Table.Span) ? default : balance.Table,
        };
        StoreLayout next = layout.Next(drives, [.. layout.Table.Span], progress);
        return new LayoutPlan(
            layout.Epoch,
            next,
            MovesOf(layout, present, balance.Table),
            [.. drives.Select((_, index) => new DriveShare(CountOf(present, index), CountOf(balance.Table, index), fair[index]))]);
    }

    private static LayoutDrive[] Change(StoreLayout layout, LayoutChange change)
    {
        foreach (DriveId named in change.Drained.Concat(change.Kept).Concat(change.Weights.Keys))
        {
            LayoutDrive known = layout.Drives.FirstOrDefault(drive => drive.Id == named)
                ?? throw new ArgumentException($"Drive {named} is not part of this store.");
            if (known.Duty == LayoutDuty.Left)
            {
                throw new ArgumentException($"Drive {named} has left this store. Format it anew to take it in again.");
            }
        }

        foreach (LayoutDrive added in change.Added)
        {
            if (layout.HasHad(added.Id))
            {
                throw new ArgumentException($"Drive {added.Id} is or was part of this store.");
            }
        }

        foreach ((string node, _) in change.Zones)
        {
            if (layout.Drives.Concat(change.Added).All(drive => drive.Node != node))
            {
                throw new ArgumentException($"There is no node {node}.");
            }
        }

        if (change.Weights.FirstOrDefault(pair => pair.Value < 1) is { Key: var light } && light != default)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"The weight of drive {light} must be at least 1."));
        }

        return [.. layout.Drives.Concat(change.Added).Select(drive => drive with
        {
            Duty = change.Drained.Contains(drive.Id) ? LayoutDuty.Leaving
                : change.Kept.Contains(drive.Id) ? LayoutDuty.Active
                : drive.Duty,
            Weight = change.Weights.GetValueOrDefault(drive.Id, drive.Weight),
            Zone = change.Zones.GetValueOrDefault(drive.Node, drive.Zone),
        })];
    }

    private static PartitionMove[] MovesOf(StoreLayout layout, ushort[] present, ushort[] target) =>
    [
        .. Enumerable.Range(0, target.Length)
            .Where(index => present[index] != target[index])
            .Select(index => new PartitionMove(
                index / layout.Width, index % layout.Width, present[index], target[index])),
    ];

    private static int CountOf(ushort[] table, int drive) => table.Count(held => held == drive);
}

using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;
using Cairn.Server.Composition;
using Xunit;

namespace Cairn.UnitTests.Server;

public sealed class LayoutDocumentTests
{
    private static readonly DriveId[] Drives = [Id(1), Id(2), Id(3), Id(4)];

    private readonly StoreLayout _layout = LayoutPlanner.PlanFirst([.. Drives.Select(id => new LayoutDrive(id, "node"))]);

    [Fact]
    public void The_same_drives_keep_their_layout() =>
        Assert.Same(_layout, LayoutDocument.TakePlaces(_layout, [Id(4), Id(3), Id(2), Id(1)]));

    [Fact]
    public void A_new_drive_takes_the_place_of_the_one_that_is_gone_in_a_new_epoch()
    {
        StoreLayout changed = LayoutDocument.TakePlaces(_layout, [Id(1), Id(9), Id(3), Id(4)]);
        Assert.Equal(_layout.Epoch + 1, changed.Epoch);
        int place = _layout.Drives.Index().Single(drive => drive.Item.Id == Id(2)).Index;
        Assert.Equal(new LayoutDrive(Id(9), "node"), changed.Drives[place]);
        Assert.Equal(3, changed.Drives.Intersect(_layout.Drives).Count());
    }

    [Fact]
    public void Several_new_drives_take_the_places_of_those_that_are_gone()
    {
        StoreLayout changed = LayoutDocument.TakePlaces(_layout, [Id(8), Id(9), Id(3), Id(4)]);
        Assert.Equal([Id(3), Id(4), Id(8), Id(9)], changed.Drives.Select(drive => drive.Id).OrderBy(id => id.Value));
        Assert.Equal(_layout.Epoch + 2, changed.Epoch);
    }

    [Fact]
    public void A_different_number_of_drives_is_refused() =>
        Assert.Throws<NodeStartException>(() => LayoutDocument.TakePlaces(_layout, [Id(1), Id(2), Id(3)]));

    private static DriveId Id(int number) => new(new Guid(number, 0, 0, new byte[8]));
}

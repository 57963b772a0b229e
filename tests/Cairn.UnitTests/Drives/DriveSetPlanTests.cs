using Cairn.Drives.Format;
using Cairn.Drives.Os;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Drives;

// What a node decides about the folders it is started with where some are file systems of their own.
public sealed class DriveSetPlanTests
{
    private static readonly string[] Paths = ["/mnt/d1", "/mnt/d2", "/mnt/d3"];

    [Fact]
    public void Empty_folder_without_its_mount_is_left_out_and_not_taken_for_a_new_drive()
    {
        DriveSetPlan first = Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty) { IsMountPoint = true })]);
        DriveProbe[] probes = Formatted(first, areMountPoints: true);
        probes[1] = new DriveProbe(Paths[1], DriveFinding.Empty);
        DriveSetPlan plan = Decide(probes);
        Assert.Equal([DriveStep.Open, DriveStep.LeaveOut, DriveStep.Open], plan.Steps);
        Assert.Equal(first.Formats[1].Drive, plan.Formats[1].Drive);
        Assert.All(plan.Replaced, Assert.Null);

        probes[1] = probes[1] with { IsMountPoint = true };
        Assert.Equal([DriveStep.Open, DriveStep.FormatRecovering, DriveStep.Open], Decide(probes).Steps);
    }

    [Fact]
    public void Plain_folders_beside_each_other_need_no_mount()
    {
        DriveProbe[] probes = Formatted(
            Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty))]), areMountPoints: false);
        probes[1] = new DriveProbe(Paths[1], DriveFinding.Empty);
        Assert.Equal(DriveStep.FormatRecovering, Decide(probes).Steps[1]);
    }

    [Fact]
    public void New_drives_are_not_made_while_one_of_their_mounts_is_missing()
    {
        DriveProbe[] probes =
            [.. Paths.Select((path, i) => new DriveProbe(path, DriveFinding.Empty) { IsMountPoint = i != 2 })];
        DriveIoException refused = Assert.Throws<DriveIoException>(() => Decide(probes));
        Assert.Contains("/mnt/d3 cannot be used: no file system is mounted there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_folder_after_the_known_ones_is_a_drive_to_be_added_and_replaces_none()
    {
        DriveSetPlan first = Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty))]);
        DriveSetPlan plan = Decide([.. Formatted(first, areMountPoints: false), new DriveProbe("/mnt/d4", DriveFinding.Missing)]);
        Assert.Equal([DriveStep.Open, DriveStep.Open, DriveStep.Open, DriveStep.FormatRecovering], plan.Steps);
        Assert.Equal(first.Formats.Select(format => format.Drive), plan.Formats.Take(3).Select(format => format.Drive));
        Assert.All(plan.Replaced, Assert.Null);
        Assert.All(plan.Formats, format => Assert.Equal((4, 2), (format.Drives.Count, format.Epoch)));
        Assert.False(plan.IsNew);
    }

    [Fact]
    public void Start_that_ended_while_drives_were_added_is_completed()
    {
        DriveProbe[] probes = Formatted(
            Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty))]), areMountPoints: false);
        DriveProbe fifth = new("/mnt/d5", DriveFinding.Empty);
        DriveSetPlan grown = Decide([.. probes, new DriveProbe("/mnt/d4", DriveFinding.Empty), fifth]);

        // The first of the new ones is made; nobody else has heard of it.
        DriveSetPlan next = Decide(
            [.. probes, new DriveProbe("/mnt/d4", DriveFinding.Formatted, grown.Formats[3]), fifth]);
        Assert.Equal(grown.Formats[3].Drive, next.Formats[3].Drive);
        Assert.Equal([DriveStep.Open, DriveStep.Open, DriveStep.Open, DriveStep.Open, DriveStep.FormatRecovering], next.Steps);
        Assert.All(next.Formats, format => Assert.Equal((5, 3), (format.Drives.Count, format.Epoch)));
    }

    [Theory]
    [InlineData(DriveFinding.Empty, false, "no file system is mounted there")]
    [InlineData(DriveFinding.Missing, false, "there is nothing")]
    [InlineData(DriveFinding.Formatted, true, "belongs to another")]
    public void What_cannot_be_added_is_refused(DriveFinding finding, bool isMountPoint, string why)
    {
        DriveSetPlan first = Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty) { IsMountPoint = true })]);
        DriveFormat? stranger = finding == DriveFinding.Formatted ? Decide([new DriveProbe("/x", DriveFinding.Empty)]).Formats[0] : null;
        DriveProbe added = new("/mnt/d4", finding, stranger) { IsMountPoint = isMountPoint };
        DriveIoException refused = Assert.Throws<DriveIoException>(() => Decide([.. Formatted(first, areMountPoints: true), added]));
        Assert.Contains("/mnt/d4 cannot be added: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    // Or what the node has voted for on the layout could not be told from nothing.
    [Fact]
    public void More_than_twice_as_many_drives_at_once_are_refused()
    {
        DriveSetPlan first = Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty))]);
        DriveProbe[] added = [.. Enumerable.Range(4, 4).Select(i => new DriveProbe($"/mnt/d{i}", DriveFinding.Empty))];
        DriveIoException refused = Assert.Throws<DriveIoException>(() => Decide([.. Formatted(first, areMountPoints: false), .. added]));
        Assert.Contains("Add at most 3 at a time", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, Decide([.. Formatted(first, areMountPoints: false), .. added.Take(3)]).Formats.Count);
    }

    [Fact]
    public void Mount_points_are_told_from_folders()
    {
        Assert.True(MountPoints.Contains("/proc"));
        Assert.True(MountPoints.Contains("/proc/"));
        Assert.False(MountPoints.Contains(AppContext.BaseDirectory));
    }

    private static DriveProbe[] Formatted(DriveSetPlan plan, bool areMountPoints) =>
    [
        .. Paths.Select((path, i) =>
            new DriveProbe(path, DriveFinding.Formatted, plan.Formats[i]) { IsMountPoint = areMountPoints }),
    ];

    private static DriveSetPlan Decide(DriveProbe[] probes) => DriveSetPlan.Decide(probes, new World(1).Root.Entropy);
}

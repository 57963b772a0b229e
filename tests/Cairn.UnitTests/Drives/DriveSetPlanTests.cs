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
        Assert.Equal([DriveStep.Open, DriveStep.FormatAsReplacement, DriveStep.Open], Decide(probes).Steps);
    }

    [Fact]
    public void Plain_folders_beside_each_other_need_no_mount()
    {
        DriveProbe[] probes = Formatted(
            Decide([.. Paths.Select(path => new DriveProbe(path, DriveFinding.Empty))]), areMountPoints: false);
        probes[1] = new DriveProbe(Paths[1], DriveFinding.Empty);
        Assert.Equal(DriveStep.FormatAsReplacement, Decide(probes).Steps[1]);
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

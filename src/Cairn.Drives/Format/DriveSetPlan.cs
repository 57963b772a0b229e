using Cairn.Drives.Os;
using Cairn.Primitives;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Format;

/// <summary>What to do with the paths a node was started with. Pure: decided from what was found, before anything changes.</summary>
/// <remarks>
/// Rules: nothing formatted anywhere: all are formatted together, provided every path is empty or missing. Otherwise
/// the formats with the highest epoch of the most common deployment say who belongs where; an empty folder takes the
/// place of its drive (recovering); whoever is missing or wrong is left out with a reason, and the others go on. Empty
/// folders after those that are known are drives to be added: made, and the layout decides what becomes of them. Where
/// the drives are file systems of their own, an empty folder on which none is mounted is a drive that is missing: the
/// file system below it would be filled in its stead, and the drive be refused when it is mounted again.
/// </remarks>
public sealed record DriveSetPlan
{
    /// <summary>Of drives that are being formatted together: nothing has ever been stored on any of them.</summary>
    public const long UnfinishedEpoch = 0;

    /// <summary>By position: what each drive is, or is to become.</summary>
    public required IReadOnlyList<DriveFormat> Formats { get; init; }

    /// <summary>By position.</summary>
    public required IReadOnlyList<DriveStep> Steps { get; init; }

    /// <summary>Nothing was formatted before.</summary>
    public required bool IsNew { get; init; }

    /// <summary>By position: the drive whose place a replacement takes.</summary>
    public IReadOnlyList<DriveId?> Replaced { get; init; } = [];

    /// <exception cref="DriveIoException">The node must not start; the message says why and what to do.</exception>
    public static DriveSetPlan Decide(IReadOnlyList<DriveProbe> probes, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(entropy);
        probes = [.. probes.Select(probe => LacksMount(probe, probes) ? AsUnmounted(probe) : probe)];
        DriveFormat? known = FindKnown(probes);
        if (known is null)
        {
            return DecideNew(probes, entropy);
        }

        RefuseOtherCount(probes, known);
        return known.Epoch == UnfinishedEpoch
            ? DecideUnfinished(probes, known)
            : DecideKnown(probes, known, entropy);
    }

    // The drives that are made already show what is customary here; of new ones, any.
    private static bool LacksMount(DriveProbe probe, IReadOnlyList<DriveProbe> probes)
    {
        DriveProbe[] made = [.. probes.Where(other => other.Finding == DriveFinding.Formatted)];
        return probe is { Finding: DriveFinding.Empty, IsMountPoint: false }
            && (made.Length == 0 ? probes.Any(other => other.IsMountPoint) : made.All(other => other.IsMountPoint));
    }

    private static DriveProbe AsUnmounted(DriveProbe probe) => probe with
    {
        Finding = DriveFinding.Unusable,
        Problem = "no file system is mounted there, while the other drives are file systems of their own; mount the drive",
    };

    private static DriveFormat? FindKnown(IReadOnlyList<DriveProbe> probes) => probes
        .Select(probe => probe.Format)
        .OfType<DriveFormat>()
        .GroupBy(format => format.Deployment)
        .OrderByDescending(group => group.Count())
        .ThenByDescending(group => group.Max(format => format.Epoch))
        .FirstOrDefault()?
        .MaxBy(format => format.Epoch);

    private static DriveSetPlan DecideNew(IReadOnlyList<DriveProbe> probes, IEntropy entropy)
    {
        RefuseUnusable(probes);
        DeploymentId deployment = DeploymentId.New(entropy);
        DriveId[] drives = [.. probes.Select(_ => DriveId.New(entropy))];
        return new DriveSetPlan
        {
            IsNew = true,
            Formats = [.. drives.Select(drive => Format(deployment, drive, drives, epoch: 1))],
            Steps = [.. probes.Select(_ => DriveStep.Format)],
            Replaced = [.. probes.Select(_ => (DriveId?)null)],
        };
    }

    // The first start ended before all were formatted: those that are not yet get the ids they were meant to have.
    private static DriveSetPlan DecideUnfinished(IReadOnlyList<DriveProbe> probes, DriveFormat known)
    {
        RefuseUnusable(probes);
        DriveId[] drives = [.. known.Drives];
        return new DriveSetPlan
        {
            IsNew = true,
            Formats = [.. drives.Select(drive => Format(known.Deployment, drive, drives, epoch: 1))],
            Steps = [.. probes.Select(probe => probe.Format is null ? DriveStep.Format : DriveStep.Open)],
            Replaced = [.. probes.Select(_ => (DriveId?)null)],
        };
    }

    // With nothing stored yet it costs nothing to insist that every drive is right.
    private static void RefuseUnusable(IReadOnlyList<DriveProbe> probes)
    {
        if (probes.FirstOrDefault(probe => probe.Finding == DriveFinding.Unusable) is { } unusable)
        {
            throw new DriveIoException(
                DriveFault.Offline, $"The drive at {unusable.Path} cannot be used: {unusable.Problem}.");
        }
    }

    private static void RefuseOtherCount(IReadOnlyList<DriveProbe> probes, DriveFormat known)
    {
        int before = known.Drives.Count;
        if (probes.Count < before || (probes.Count > before && known.Epoch == UnfinishedEpoch))
        {
            throw new DriveIoException(
                DriveFault.Offline,
                $"This node was made of {before} drives and is started with {probes.Count}. "
                + "Name the same drives in the same order, and new ones after them.");
        }

        // What the node has voted for is on more than half of its drives, and has to be found among twice as many.
        if (probes.Count > 2 * before)
        {
            throw new DriveIoException(
                DriveFault.Offline,
                $"This node has {before} drives and is started with {probes.Count}. "
                + $"Add at most {before} at a time; start it with {2 * before} first.");
        }

        bool areMountPoints = probes.Take(before).All(probe => probe.IsMountPoint);
        foreach (DriveProbe added in probes.Skip(before))
        {
            bool isFit = added.Finding == DriveFinding.Empty
                || (added.Finding == DriveFinding.Missing && !areMountPoints);
            if (!isFit)
            {
                string why = added.Problem ?? (added.Finding == DriveFinding.Missing
                    ? "there is nothing"
                    : "it belongs to another deployment, or to another place");
                throw new DriveIoException(
                    DriveFault.Offline,
                    $"The drive at {added.Path} cannot be added: {why}. "
                    + "A new drive is an empty folder, or the mount point of an empty file system.");
            }
        }
    }

    private static DriveSetPlan DecideKnown(IReadOnlyList<DriveProbe> probes, DriveFormat known, IEntropy entropy)
    {
        DriveId?[] replaced = new DriveId?[probes.Count];
        DriveId[] drives = new DriveId[probes.Count];
        bool[] isFresh = new bool[probes.Count];
        for (int i = 0; i < drives.Length; i++)
        {
            bool isAdded = i >= known.Drives.Count;
            isFresh[i] = isAdded || probes[i].Finding == DriveFinding.Empty;
            drives[i] = isFresh[i] ? DriveId.New(entropy) : known.Drives[i];
            replaced[i] = isFresh[i] && !isAdded ? known.Drives[i] : null;
        }

        long epoch = isFresh.Contains(true) ? known.Epoch + 1 : known.Epoch;
        return new DriveSetPlan
        {
            IsNew = false,
            Formats = [.. drives.Select(drive => Format(known.Deployment, drive, drives, epoch))],
            Steps = [.. probes.Select((probe, i) => StepFor(probe, isFresh[i]))],
            Replaced = replaced,
        };
    }

    private static DriveStep StepFor(DriveProbe probe, bool isFresh) =>
        isFresh ? DriveStep.FormatRecovering
        : probe.Finding == DriveFinding.Formatted ? DriveStep.Open
        : DriveStep.LeaveOut;

    private static DriveFormat Format(DeploymentId deployment, DriveId drive, DriveId[] drives, long epoch) =>
        new() { Deployment = deployment, Drive = drive, Drives = drives, Epoch = epoch };
}

using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Format;
using Cairn.Drives.Os;
using Cairn.Primitives;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Simulation.Drives;

/// <summary>All drives of a simulated node: the production's decisions and bays over simulated disks.</summary>
/// <remarks>
/// Purpose: what LocalDriveSet does with folders, done with disks, so that the plan, the formatting, the refusal of
/// wrong drives and the bays are the real ones. Steps as there: look, decide, format, write the new epoch, open.
/// </remarks>
internal sealed class SimDriveSet
{
    private SimDriveSet(DriveSetPlan plan, IReadOnlyList<DriveBay> bays)
    {
        Plan = plan;
        Bays = bays;
    }

    public DriveSetPlan Plan { get; }

    /// <summary>By position.</summary>
    public IReadOnlyList<DriveBay> Bays { get; }

    /// <summary>Ids that are the same in every run, so that layouts can be shared between runs.</summary>
    public static IEntropy FirstIds => new FixedIds();

    /// <summary>What is decided about a number of empty disks.</summary>
    public static DriveSetPlan FirstPlan(int disks) =>
        DriveSetPlan.Decide([.. Enumerable.Range(1, disks).Select(i => new DriveProbe("disk " + i, DriveFinding.Empty))], FirstIds);

    /// <param name="disks">By position.</param>
    /// <param name="process">The node's.</param>
    /// <param name="firstIds">Where the ids come from when all disks are empty.</param>
    /// <param name="doNewDrivesRecover">As for a node of several: it cannot know yet whether it takes another one's place.</param>
    /// <exception cref="DriveIoException">The node must not start with these disks.</exception>
    public static async Task<SimDriveSet> OpenAsync(
        IReadOnlyList<SimDisk> disks, SimProcess process, IEntropy firstIds, bool doNewDrivesRecover)
    {
        var probes = new DriveProbe[disks.Count];
        for (int i = 0; i < disks.Count; i++)
        {
            probes[i] = await ProbeAsync(disks[i]);
        }

        bool isNew = probes.All(p => p.Finding == DriveFinding.Empty);
        DriveSetPlan plan = DriveSetPlan.Decide(probes, isNew ? firstIds : process.Entropy);
        for (int i = 0; i < disks.Count; i++)
        {
            await FormatAsync(disks[i], process, plan.Steps[i], plan.Formats[i], doNewDrivesRecover);
        }

        var bays = new DriveBay[disks.Count];
        for (int i = 0; i < disks.Count; i++)
        {
            await UpdateAsync(disks[i], plan.Formats[i]);
            DriveFormat format = plan.Formats[i];
            SimDisk disk = disks[i];
            bays[i] = await DriveBay.OpenAsync(new DriveBayParts
            {
                Id = format.Drive,
                Name = disk.Name,
                MountAsync = onFault => MountAsync(disk, process, format, onFault),
                MayRenewIndex = () => AreOthersWell(bays, format.Drive),
                RenewIndexAsync = () => RenewIndexAsync(disk, process, format),
                Time = process.Time,
                Scheduler = process.Work,
            });
        }

        return new SimDriveSet(plan, bays);
    }

    private static async ValueTask<DriveProbe> ProbeAsync(SimDisk disk)
    {
        if (!disk.IsPresent)
        {
            return new DriveProbe(disk.Name, DriveFinding.Unusable, Problem: "it is not there");
        }

        try
        {
            DriveFormat? format = await DriveFormatter.ReadAsync(new SimFiles(disk.Mount()), CancellationToken.None);
            return format is null
                ? new DriveProbe(disk.Name, DriveFinding.Empty)
                : new DriveProbe(disk.Name, DriveFinding.Formatted, format);
        }
        catch (DriveIoException fault)
        {
            return new DriveProbe(disk.Name, DriveFinding.Unusable, Problem: fault.Message);
        }
    }

    private static async ValueTask FormatAsync(
        SimDisk disk, SimProcess process, DriveStep step, DriveFormat format, bool doNewDrivesRecover)
    {
        if (step is DriveStep.Format or DriveStep.FormatRecovering)
        {
            bool recovers = step == DriveStep.FormatRecovering;
            SimMount mount = disk.Mount();
            var files = new SimFiles(mount);
            await DriveFormatter.BeginAsync(files, CancellationToken.None);
            await using SimIndex index = await SimIndex.OpenAsync(mount, process);
            await DriveFormatter.FinishAsync(
                files,
                index,
                recovers ? format : format with { Epoch = DriveSetPlan.UnfinishedEpoch },
                recovers || doNewDrivesRecover,
                CancellationToken.None);
        }
    }

    private static async ValueTask UpdateAsync(SimDisk disk, DriveFormat format)
    {
        if ((await ProbeAsync(disk)).Format is { } found
            && found.Deployment == format.Deployment && found.Drive == format.Drive && found.Epoch < format.Epoch)
        {
            await DriveDocuments.WriteAsync(
                new SimFiles(disk.Mount()), DriveFormat.FileName, DriveFormatCodec.Encode(format), CancellationToken.None);
        }
    }

    // As LocalDriveSet does.
    private static bool AreOthersWell(DriveBay?[] bays, DriveId id)
    {
        DriveBay?[] others = [.. bays.Where(bay => bay?.Id != id)];
        return others.Length == bays.Length - 1 && others.Length != 0
            && others.All(bay => bay is { State: DriveState.Online, IsIndexDamaged: false });
    }

    private static async ValueTask RenewIndexAsync(SimDisk disk, SimProcess process, DriveFormat expected)
    {
        SimMount mount = disk.Mount();
        DriveFormat? found = await DriveFormatter.ReadAsync(new SimFiles(mount), CancellationToken.None);
        if (DriveVerdict.Refusal(found, expected) is { } refusal)
        {
            throw new DriveIoException(DriveFault.Offline, refusal);
        }

        disk.Tables.Clear();
        disk.World.Record(disk.Name, "index begun anew");
        await using SimIndex index = await SimIndex.OpenAsync(mount, process);
        await DriveFormatter.RenewIndexAsync(index, expected);
    }

    private static async ValueTask<MountedDrive> MountAsync(
        SimDisk disk, SimProcess process, DriveFormat expected, Action<DriveIoException> onFault)
    {
        SimMount mount = disk.Mount();
        var files = new SimFiles(mount);
        DriveFormat? found = await DriveFormatter.ReadAsync(files, CancellationToken.None);
        if (DriveVerdict.Refusal(found, expected) is { } refusal)
        {
            throw new DriveIoException(DriveFault.Offline, refusal);
        }

        SimIndex index = await SimIndex.OpenAsync(mount, process);
        LocalDrive drive = await LocalDrive.OpenAsync(new LocalDriveParts
        {
            Id = expected.Drive,
            Files = files,
            Index = index,
            Time = process.Time,
            Scheduler = process.Work,
            Options = SimDrive.Options,
            OnFault = onFault,
        });
        return new MountedDrive(
            drive, () => new ValueTask<bool>(disk.IsPresent && !mount.IsDetached), drive.DisposeAsync);
    }

    private sealed class FixedIds : IEntropy
    {
        private readonly SimRandom _random = new(2030);

        public void Fill(Span<byte> destination) => _random.Fill(destination);
    }
}

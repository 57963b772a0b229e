using Cairn.Drives.Bays;
using Cairn.Drives.Format;
using Cairn.Drives.Index.RocksDb;
using Cairn.Primitives.Ids;

namespace Cairn.Drives.Os;

/// <summary>All drives of a node: found, formatted if they are new, opened.</summary>
/// <remarks>
/// Purpose: what the composition root calls. Steps: (1) look at every path; (2) decide; (3) make drives of empty
/// folders; (4) write the new epoch to the others; (5) open all.
/// Failure: a crash between the steps leaves drives that the next start completes: formatting begins again where it
/// did not end, and the highest epoch wins.
/// </remarks>
public sealed class LocalDriveSet : IAsyncDisposable
{
    private readonly RocksDbEnvironment _environment;

    private LocalDriveSet(RocksDbEnvironment environment, DriveSetPlan plan, IReadOnlyList<DriveBay> bays)
    {
        _environment = environment;
        Plan = plan;
        Bays = bays;
    }

    /// <summary>By position. A bay without a drive says why in its Problem.</summary>
    public IReadOnlyList<DriveBay> Bays { get; }

    public DeploymentId Deployment => Plan.Formats[0].Deployment;

    /// <summary>What was decided at the start: which drives are new, which take another one's place.</summary>
    public DriveSetPlan Plan { get; }

    /// <param name="paths">In the order of their positions.</param>
    /// <param name="options">What the drives share.</param>
    /// <exception cref="DriveIoException">The node must not start with these paths; the message says why and what to do.</exception>
    public static async Task<LocalDriveSet> OpenAsync(IReadOnlyList<string> paths, OsDriveOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        DriveProbe[] probes = [.. paths.Select(DriveProber.Probe)]; // (1)
        DriveSetPlan plan = DriveSetPlan.Decide(probes, options.Entropy); // (2)
        RocksDbEnvironment environment = new(options.Index);
        try
        {
            await Task.WhenAll(paths.Select((path, i) => FormatAsync(path, i, plan, environment, options))); // (3)
            for (int i = 0; i < paths.Count; i++)
            {
                await UpdateAsync(paths[i], plan.Formats[i], environment, options); // (4)
            }

            IReadOnlyList<DriveBay> bays = [];
            bays = await Task.WhenAll(paths.Select((path, i) => OpenBayAsync(
                path, plan.Formats[i], environment, options, id => AreOthersWell(bays, id)))); // (5)
            return new LocalDriveSet(environment, plan, bays);
        }
        catch
        {
            environment.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Bays.Select(bay => bay.DisposeAsync().AsTask()));
        _environment.Dispose();
    }

    private static async Task FormatAsync(
        string path, int position, DriveSetPlan plan, RocksDbEnvironment environment, OsDriveOptions options)
    {
        DriveStep step = plan.Steps[position];
        if (step is DriveStep.Format or DriveStep.FormatRecovering)
        {
            OsFault.Guard(() => Directory.CreateDirectory(path));
            bool recovers = step == DriveStep.FormatRecovering;
            DriveFormat format = plan.Formats[position];
            await OsDriveMount.FormatAsync(
                path,
                recovers ? format : format with { Epoch = DriveSetPlan.UnfinishedEpoch },
                recovers || options.DoNewDrivesRecover,
                environment,
                options);
        }
    }

    private static async ValueTask UpdateAsync(
        string path, DriveFormat format, RocksDbEnvironment environment, OsDriveOptions options)
    {
        if (DriveProber.Probe(path).Format is { } found
            && found.Deployment == format.Deployment
            && found.Drive == format.Drive
            && found.Epoch < format.Epoch)
        {
            await OsDriveMount.RewriteFormatAsync(path, format, environment, options);
        }
    }

    private static Task<DriveBay> OpenBayAsync(
        string path,
        DriveFormat format,
        RocksDbEnvironment environment,
        OsDriveOptions options,
        Func<DriveId, bool> areOthersWell) =>
        DriveBay.OpenAsync(new DriveBayParts
        {
            Id = format.Drive,
            Name = path,
            MountAsync = onFault => OsDriveMount.OpenAsync(path, format, environment, options, onFault),
            MayRenewIndex = () => areOthersWell(format.Drive),
            RenewIndexAsync = () => OsDriveMount.RenewIndexAsync(path, format, environment, options),
            Time = options.Time,
            Scheduler = options.Scheduler,
            ProbePeriod = options.ProbePeriod,
        }).AsTask();

    // One at a time: of two damaged drives each may be the last to hold what the other one lost.
    private static bool AreOthersWell(IReadOnlyList<DriveBay> bays, DriveId id)
    {
        DriveBay[] others = [.. bays.Where(bay => bay.Id != id)];
        return others.Length != 0 && others.All(bay => bay is { State: DriveState.Online, IsIndexDamaged: false });
    }
}

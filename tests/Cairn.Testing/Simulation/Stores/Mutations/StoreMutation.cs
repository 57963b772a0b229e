using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Disks;

namespace Cairn.Testing.Simulation.Stores.Mutations;

/// <summary>A deliberate fault of the protocol, put in between the store and its drives. The swarm must find it.</summary>
/// <remarks>
/// Purpose: proof that the simulation sees what it is there to see. Product code has no switch for any of them.
/// What they stand for: the mutations of the protocol's model that can be made from below the object layer.
/// </remarks>
internal sealed record StoreMutation(string Name)
{
    public static StoreMutation None { get; } = new("none");

    public static IReadOnlyList<StoreMutation> All { get; } =
    [
        None,
        new("ack-early") { Spoil = disk => disk.AcknowledgesEarly = true },
        new("drop-old") { Begin = () => (drive, _) => new DroppingDrive(drive) },
        new("trust-pending") { Begin = () => (drive, _) => new TrustingDrive(drive) },
        new("no-promise") { Begin = () => (drive, _) => new PromiselessDrive(drive) },
        new("hasty-recovery") { Begin = () => (drive, _) => new HastyDrive(drive) },
        new("no-floor") { NeedsLateReads = true, Begin = () => (drive, _) => new FloorlessDrive(drive) },
        new("blind-heal") { Begin = BeginBlindHealing },
        new("small-quorum") { Begin = () => (drive, number) => number == 0 ? new LyingDrive(drive) : drive },
        new("half-joint") { SeesNoJoints = true },
        new("no-fence") { HasNoFence = true },
        new("blind-finish") { SkipsCopies = true },
    ];

    /// <summary>Some coordinators count a position that moves by the drive that it leaves alone.</summary>
    public bool SeesNoJoints { get; private init; }

    /// <summary>Drives take calls of all epochs, and say otherwise.</summary>
    public bool HasNoFence { get; private init; }

    /// <summary>It shows in reads alone whose answers are of different times.</summary>
    public bool NeedsLateReads { get; private init; }

    /// <summary>Positions go over to drives that were not filled.</summary>
    public bool SkipsCopies { get; private init; }

    /// <summary>Once per run: what puts the fault between the store and the drive with that number.</summary>
    public Func<Func<IDrive, int, IDrive>> Begin { get; private init; } = () => (drive, _) => drive;

    /// <summary>Puts the fault below the drive.</summary>
    public Action<SimDisk> Spoil { get; private init; } = _ => { };

    public static StoreMutation? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    private static Func<IDrive, int, IDrive> BeginBlindHealing()
    {
        HashSet<(RegisterKey Key, VersionId Slot, Ballot Ballot)> chosen = [];
        return (drive, _) => new BlindHealingDrive(drive, chosen);
    }
}

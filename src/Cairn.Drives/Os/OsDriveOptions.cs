using Cairn.Drives.Index.RocksDb;
using Cairn.Primitives;
using Cairn.Primitives.Scheduling;

namespace Cairn.Drives.Os;

/// <summary>What the drives of a node share.</summary>
public sealed record OsDriveOptions
{
    public required TimeProvider Time { get; init; }

    public required IEntropy Entropy { get; init; }

    public required IWorkScheduler Scheduler { get; init; }

    /// <summary>
    /// Folder on a faster device for the logs of all drives (--wal-dir), each in a folder of its own; null: on the drives.
    /// </summary>
    public string? WalDirectory { get; init; }

    public LocalDriveOptions Drive { get; init; } = new();

    /// <summary>What the indexes hold in memory and in files.</summary>
    public RocksDbSizes Index { get; init; } = new();

    /// <summary>Threads of each drive that wait for its device.</summary>
    public int ThreadsPerDrive { get; init; } = 4;

    /// <summary>How often the presence of a drive is looked at.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Drives that are made together begin as recovering ones too: only the other nodes know whether they take the place of
    /// drives that have voted. Who finds out that they do not ends the recovery.
    /// </summary>
    public bool DoNewDrivesRecover { get; init; }
}

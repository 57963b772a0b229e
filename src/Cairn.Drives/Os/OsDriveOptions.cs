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

    /// <summary>Memory of the process for blocks and small shards, all drives together; bytes.</summary>
    public long CacheBytes { get; init; } = 160L << 20;

    /// <summary>Memory of each drive for what is not yet in sorted files; bytes.</summary>
    public long WriteBufferBytes { get; init; } = 48L << 20;

    /// <summary>Threads of each drive that wait for its device.</summary>
    public int ThreadsPerDrive { get; init; } = 4;

    /// <summary>How often the presence of a drive is looked at.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromSeconds(1);

    internal RocksDbEnvironment CreateEnvironment() => new(CacheBytes, WriteBufferBytes);

    /// <summary>
    /// Drives that are made together begin as recovering ones too: only the other nodes know whether they take the place of
    /// drives that have voted. Who finds out that they do not ends the recovery.
    /// </summary>
    public bool DoNewDrivesRecover { get; init; }
}

namespace Cairn.Drives.Inspection;

/// <summary>What is on a drive, and whether it is whole.</summary>
public sealed record DriveReport
{
    /// <summary>The longest list of defects that is kept; the counts go on.</summary>
    public const int MaxDefects = 1000;

    /// <summary>Does not vote because it has to be rebuilt.</summary>
    public bool IsRecovering { get; init; }

    /// <summary>It was closed in an orderly way.</summary>
    public bool WasClosed { get; init; }

    public long Registers { get; init; }

    /// <summary>Values and tombstones, of all slots.</summary>
    public long Entries { get; init; }

    /// <summary>Entries not known to be committed here.</summary>
    public long PendingEntries { get; init; }

    public long Tombstones { get; init; }

    /// <summary>Registers with something lost, waiting for repair.</summary>
    public long DamagedRegisters { get; init; }

    public long InlineShards { get; init; }

    public long InlineBytes { get; init; }

    public long ShardFiles { get; init; }

    /// <summary>Bytes of the shards in files, checksums not counted.</summary>
    public long ShardBytes { get; init; }

    /// <summary>
    /// Shard files that no row names. A defect on a drive that was closed; otherwise the next start removes them.
    /// </summary>
    public long OrphanFiles { get; init; }

    /// <summary>Missed writes of other drives (and losses of this one) waiting for repair.</summary>
    public long JournalLines { get; init; }

    public long DefectCount { get; init; }

    /// <summary>The first defects.</summary>
    public IReadOnlyList<DriveDefect> Defects { get; init; } = [];

    /// <summary>Nothing is wrong with what is here.</summary>
    public bool IsWhole => DefectCount == 0 && DamagedRegisters == 0;
}

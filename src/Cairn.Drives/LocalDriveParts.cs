using Cairn.Drives.Index;
using Cairn.Drives.Os;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Drives;

/// <summary>What a drive stands on. The drive takes the index over, also when its opening fails.</summary>
public sealed record LocalDriveParts
{
    /// <summary>As written in the drive's format.</summary>
    public required DriveId Id { get; init; }

    public required IDriveFiles Files { get; init; }

    public required IDriveIndex Index { get; init; }

    public required TimeProvider Time { get; init; }

    public required IWorkScheduler Scheduler { get; init; }

    public LocalDriveOptions Options { get; init; } = new();

    /// <summary>
    /// Answered writes may be missing from the index: the drive becomes recovering, and stays so until it is rebuilt.
    /// </summary>
    public bool LostWrites { get; init; }

    /// <summary>
    /// Told about every fault of the device, on whatever thread met it; must return at once. Null: nobody.
    /// </summary>
    public Action<DriveIoException>? OnFault { get; init; }
}

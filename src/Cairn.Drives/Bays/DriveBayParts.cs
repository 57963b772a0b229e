using Cairn.Drives.Os;
using Cairn.Primitives.Ids;
using Cairn.Primitives.Scheduling;

namespace Cairn.Drives.Bays;

/// <summary>What a bay needs to know of its place.</summary>
public sealed record DriveBayParts
{
    /// <summary>The drive that belongs here; any other is refused.</summary>
    public required DriveId Id { get; init; }

    /// <summary>How users name the place: its path.</summary>
    public required string Name { get; init; }

    /// <summary>Opens the drive; throws DriveIoException with a sentence for the user when it is not there or not right.</summary>
    public required Func<Action<DriveIoException>, ValueTask<MountedDrive>> MountAsync { get; init; }

    /// <summary>
    /// Whether the other drives can give back everything that is on this one, now. Asked before its damaged index is removed.
    /// </summary>
    public Func<bool> MayRenewIndex { get; init; } = static () => false;

    /// <summary>Makes an empty index of a recovering drive in place of a damaged one, while the drive is not open.</summary>
    public Func<ValueTask> RenewIndexAsync { get; init; } = static () => ValueTask.CompletedTask;

    public required TimeProvider Time { get; init; }

    public required IWorkScheduler Scheduler { get; init; }

    /// <summary>How often presence is looked at, which bounds for how long a removed drive can go on answering.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between attempts to open a drive that is there and does not open.</summary>
    public TimeSpan MaxRetryPause { get; init; } = TimeSpan.FromSeconds(10);
}

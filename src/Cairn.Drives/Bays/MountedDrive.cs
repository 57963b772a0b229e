namespace Cairn.Drives.Bays;

/// <summary>A drive that is open, with what it takes to see that it is still there and to let go of it.</summary>
/// <param name="Drive">The drive.</param>
/// <param name="IsPresentAsync">
/// Whether the path still leads to the very folder that was opened. Waits for the device.
/// </param>
/// <param name="ReleaseAsync">Closes the drive and everything below it.</param>
public sealed record MountedDrive(
    LocalDrive Drive, Func<ValueTask<bool>> IsPresentAsync, Func<ValueTask> ReleaseAsync);

namespace Cairn.Drives.Scrub;

/// <summary>Runs a scrub step by step, no faster than a given rate.</summary>
/// <remarks>
/// Purpose: the one loop that everybody who scrubs would write. Concurrency: one run at a time per drive.
/// Failure: a fault ends the run; it can go on from the checkpoint of the last step that was told.
/// </remarks>
public static class ScrubPace
{
    // Steps are small against a second, so that the rate is even and a cancellation is heeded soon.
    private const long MaxStepBytes = 1 << 20;

    /// <param name="drive">The drive.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="bytesPerSecond">At most so many bytes are read in a second.</param>
    /// <param name="time">The clock of the pace.</param>
    /// <param name="onStep">Called after every step, awaited: keeps the checkpoint, repairs what was found.</param>
    /// <param name="cancellationToken">Ends the run between two steps.</param>
    /// <returns>None when everything has been read once.</returns>
    public static async Task<DriveFault> RunAsync(
        LocalDrive drive,
        ScrubCheckpoint from,
        long bytesPerSecond,
        TimeProvider time,
        Func<ScrubStep, ValueTask> onStep,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(drive);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(onStep);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        while (true)
        {
            long started = time.GetTimestamp();
            DriveResult<ScrubStep> result = await drive.ScrubAsync(
                from, Math.Min(MaxStepBytes, bytesPerSecond), cancellationToken);
            if (!result.IsOk)
            {
                return result.Fault;
            }

            await onStep(result.Value);
            if (result.Value.IsEnd)
            {
                return DriveFault.None;
            }

            from = result.Value.Next;
            TimeSpan due = TimeSpan.FromSeconds((double)result.Value.ByteCount / bytesPerSecond);
            TimeSpan rest = due - time.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }
    }
}

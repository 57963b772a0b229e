using System.Numerics;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Checksums;

namespace Cairn.Objects.Commit.Listing;

/// <summary>The order in which drives are asked to take part in a listing.</summary>
/// <remarks>
/// Drives that answer come first, fast ones before slow ones. Among equals the page decides: different pages go to
/// different drives, so that all carry the load, but the same page goes to the same ones again, which hold it in memory.
/// Only online drives: a recovering one does not know what it lacks.
/// </remarks>
internal static class DrivePreference
{
    public static DriveHandle[] Order(IReadOnlyList<DriveHandle> drives, ListRequest request)
    {
        ulong page = XxHash64.Compute(request.Prefix.Span) ^ XxHash64.Compute(request.From.Span) ^ request.Bucket.Value;
        int first = (int)(page % (uint)drives.Count);
        List<DriveHandle> online = new(drives.Count);
        for (int i = 0; i < drives.Count; i++)
        {
            DriveHandle drive = drives[(first + i) % drives.Count];
            if (drive.State == DriveState.Online)
            {
                online.Add(drive);
            }
        }

        return [.. online.OrderBy(drive => (drive.Timing.IsAside, drive.Timing.IsLate, SpeedClass(drive)))];
    }

    // Powers of four: what differs by less is noise.
    private static int SpeedClass(DriveHandle drive) =>
        BitOperations.Log2((uint)Math.Max(1, drive.Timing.HedgeDelayOf(DriveCall.Read).TotalSeconds * 1_000_000)) / 2;
}

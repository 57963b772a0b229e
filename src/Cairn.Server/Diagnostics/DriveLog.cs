using Cairn.Drives.Bays;
using Cairn.Objects;
using Cairn.Objects.Healing;
using Cairn.Objects.Layout;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Diagnostics;

/// <summary>What the log says of drives: they come, go, run full, lag and are healed; each change once.</summary>
internal sealed class DriveLog(ILogger logger, IReadOnlyList<DriveBay> bays)
{
    /// <summary>From now on; stopped by <see cref="Unfollow"/>.</summary>
    public void Follow(ObjectStore store)
    {
        store.Healing += status => Tell(status, store.Layout);
        store.AsideChanged = (drive, reason) => Tell(drive, reason, store.Layout);
        foreach (DriveBay bay in bays)
        {
            bay.Changed += Tell;
        }
    }

    /// <summary>That the drives go now is no news.</summary>
    public void Unfollow()
    {
        foreach (DriveBay bay in bays)
        {
            bay.Changed -= Tell;
        }
    }

    private void Tell(DriveBay bay)
    {
        if (bay.Problem is { } problem)
        {
            Log.DriveLeft(logger, bay.Name, bay.State, problem);
        }
        else if (bay.IsIndexDamaged)
        {
            Log.IndexDamaged(logger, bay.Name);
        }
        else if (bay.IsFull)
        {
            Log.DriveFull(logger, bay.Name);
        }
        else
        {
            Log.DriveJoined(logger, bay.Name, bay.State);
        }
    }

    private void Tell(DriveId drive, AsideReason reason, StoreLayout layout)
    {
        if (reason == AsideReason.None)
        {
            Log.DriveTakenBack(logger, NameOf(drive, layout));
        }
        else
        {
            Log.DriveAside(logger, NameOf(drive, layout), reason);
        }
    }

    private void Tell(DriveHealStatus status, StoreLayout layout)
    {
        if (status.Activity != HealActivity.Idle)
        {
            Log.Healing(logger, NameOf(status.Drive, layout), status.Activity);
        }
        else if (status.Objects > 0) // Or a write was only late, and was there when the journal was read.
        {
            Log.Healed(logger, NameOf(status.Drive, layout), status.Objects, status.Bytes, status.Elapsed.TotalSeconds);
        }
    }

    private string NameOf(DriveId drive, StoreLayout layout) =>
        bays.FirstOrDefault(bay => bay.Id == drive)?.Name
        ?? $"{drive} of {layout.Drives.FirstOrDefault(known => known.Id == drive)?.Node ?? "another node"}";
}

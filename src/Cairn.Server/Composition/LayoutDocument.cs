using Cairn.Drives;
using Cairn.Drives.Bays;
using Cairn.Drives.Os;
using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;
using Cairn.Server.Options;

namespace Cairn.Server.Composition;

/// <summary>The layout of a node's drives: planned at the first start, read at every later one.</summary>
/// <remarks>
/// Steps: (1) the newest layout on any drive; (2) none anywhere: the first one; (3) drives that took another one's
/// place take it in the layout as well, as a new epoch; (4) every drive that is there gets the result.
/// Invariants: the highest epoch is the layout. No object is stored before all drives that are there hold it.
/// Failure: after a crash in (4) the drives disagree, and the next start completes what the newest one says.
/// </remarks>
internal static class LayoutDocument
{
    private const string Name = "layout.json";

    /// <summary>Finds or makes the layout.</summary>
    /// <exception cref="NodeStartException">The layout cannot be read, or the configuration contradicts it.</exception>
    public static async Task<StoreLayout> EnsureAsync(LocalDriveSet set, ServerModel model)
    {
        StoreLayout? stored = await ReadNewestAsync(set); // (1)
        StoreLayout layout = stored is null
            ? PlanFirst(set, model) // (2)
            : TakePlaces(stored, [.. set.Bays.Select(bay => bay.Id)]); // (3)
        RefuseContradiction(ServerSettings.StandardClass, model.StandardParity, layout.StandardParity);
        RefuseContradiction(ServerSettings.ReducedClass, model.ReducedParity, layout.ReducedParity);
        await WriteAsync(set, layout); // (4)
        return layout;
    }

    /// <summary>Gives the places of drives that are gone to drives that are new.</summary>
    /// <param name="layout">As stored.</param>
    /// <param name="present">The node's drives by position.</param>
    internal static StoreLayout TakePlaces(StoreLayout layout, IReadOnlyList<DriveId> present)
    {
        // Several replaced at once may be paired in any way: what the lost ones held is rebuilt from the others anyhow.
        LayoutDrive[] gone = [.. layout.Drives.Where(drive => !present.Contains(drive.Id))];
        DriveId[] fresh = [.. present.Where(id => layout.Drives.All(drive => drive.Id != id))];
        if (gone.Length != fresh.Length)
        {
            throw new NodeStartException(
                $"The layout on the drives is of {layout.Drives.Count} drives and this node has {present.Count}; "
                + "start it with the drives it was made of.");
        }

        foreach ((LayoutDrive former, DriveId id) in gone.Zip(fresh))
        {
            layout = layout.ReplaceDrive(former.Id, former with { Id = id });
        }

        return layout;
    }

    private static async Task<StoreLayout?> ReadNewestAsync(LocalDriveSet set)
    {
        StoreLayout? newest = null;
        foreach (DriveBay bay in set.Bays)
        {
            if (bay.Drive is not { } drive)
            {
                continue;
            }

            DriveResult<byte[]?> document = await drive.ReadDocumentAsync(Name, CancellationToken.None);
            if (document is { IsOk: true, Value: { } bytes } && Decode(bay, bytes) is { } layout)
            {
                newest = newest is null || layout.Epoch > newest.Epoch ? layout : newest;
            }
        }

        return newest;
    }

    private static StoreLayout Decode(DriveBay bay, byte[] document)
    {
        try
        {
            return LayoutCodec.Decode(document);
        }
        catch (InvalidDataException damage)
        {
            throw new NodeStartException($"{bay.Name}: {damage.Message}");
        }
    }

    private static StoreLayout PlanFirst(LocalDriveSet set, ServerModel model)
    {
        if (!set.Plan.IsNew && set.Bays.FirstOrDefault(bay => bay.Drive is null) is { } missing)
        {
            throw new NodeStartException(
                $"None of the drives that are here holds the layout, and {missing.Name} is missing: {missing.Problem}");
        }

        try
        {
            return LayoutPlanner.PlanFirst(
                [.. set.Bays.Select(bay => new LayoutDrive(bay.Id, Environment.MachineName))],
                model.StandardParity,
                model.ReducedParity);
        }
        catch (ArgumentException unfit)
        {
            throw new NodeStartException(unfit.Message);
        }
    }

    // Quorums follow from the parity: changing it under stored objects would let two quorums miss each other.
    private static void RefuseContradiction(Setting setting, int? wanted, int stored)
    {
        if (wanted is not null && wanted != stored)
        {
            throw new NodeStartException(
                $"{setting.Key}: EC:{wanted} is wanted, but these drives were laid out with EC:{stored}; "
                + $"accepted: EC:{stored}, or nothing");
        }
    }

    private static async Task WriteAsync(LocalDriveSet set, StoreLayout layout)
    {
        byte[] document = LayoutCodec.Encode(layout);
        foreach (DriveBay bay in set.Bays)
        {
            if (bay.Drive is not { } drive)
            {
                continue;
            }

            DriveResult<byte[]?> held = await drive.ReadDocumentAsync(Name, CancellationToken.None);
            if (held is { IsOk: true, Value: { } bytes } && bytes.AsSpan().SequenceEqual(document))
            {
                continue;
            }

            DriveFault fault = await drive.WriteDocumentAsync(Name, document, CancellationToken.None);
            if (fault != DriveFault.None)
            {
                throw new NodeStartException($"{bay.Name}: the layout cannot be written ({fault}).");
            }
        }
    }
}

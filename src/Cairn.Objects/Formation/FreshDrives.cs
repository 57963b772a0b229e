using Cairn.Drives;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Formation;

/// <summary>Drives that were made in this start and are nobody's successors: there is no vote that they can have lost.</summary>
public static class FreshDrives
{
    /// <summary>Lets the drives of a first layout, which took nobody's place, vote.</summary>
    /// <exception cref="FormationException">A drive failed.</exception>
    public static async ValueTask EndRecoveryAsync(IEnumerable<IDrive> drives)
    {
        ArgumentNullException.ThrowIfNull(drives);
        foreach (IDrive drive in drives)
        {
            DriveFault fault = await drive.EndRecoveryAsync(CancellationToken.None);
            if (fault != DriveFault.None)
            {
                throw new FormationException($"Drive {drive.Id} was made and cannot be used now ({fault}). Start the node again.");
            }
        }
    }

    /// <summary>Lets drives vote that a layout has got and that hold nothing yet. One that fails is rebuilt, of nothing.</summary>
    public static async ValueTask EndRecoveryAsync(IEnumerable<IDrive> added, StoreLayout layout)
    {
        ArgumentNullException.ThrowIfNull(added);
        ArgumentNullException.ThrowIfNull(layout);
        foreach (IDrive drive in added.Where(drive => layout.HoldsNothing(drive.Id)))
        {
            _ = await drive.EndRecoveryAsync(CancellationToken.None);
        }
    }
}

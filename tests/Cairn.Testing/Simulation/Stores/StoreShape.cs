using Cairn.Objects.Layout;
using Cairn.Primitives.Ids;
using Cairn.Testing.Simulation.Drives;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>How many drives a store has. Layouts are planned once and shared: they are immutable and cost milliseconds.</summary>
internal sealed class StoreShape
{
    private static readonly Dictionary<int, StoreShape> Known = [];

    private StoreShape(int drives)
    {
        DriveIds = [.. Enumerable.Range(1, drives).Select(SimDrive.IdOf)];
        Layout = LayoutPlanner.PlanFirst([.. DriveIds.Select((id, i) => new LayoutDrive(id, "node" + i))]);
    }

    public IReadOnlyList<DriveId> DriveIds { get; }

    public StoreLayout Layout { get; }

    /// <summary>Drives of a partition that may be missing without losing data.</summary>
    public int Parity => Layout.Standard.ParityShards;

    public static StoreShape Of(int drives)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(drives, out StoreShape? shape))
            {
                Known.Add(drives, shape = new StoreShape(drives));
            }

            return shape;
        }
    }
}

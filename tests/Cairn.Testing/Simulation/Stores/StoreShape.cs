using Cairn.Drives.Format;
using Cairn.Objects.Layout;
using Cairn.Testing.Simulation.Drives;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>How many drives a store has. First layouts are planned once and shared: they are immutable and cost milliseconds.</summary>
internal sealed class StoreShape
{
    private static readonly Dictionary<int, StoreShape> Known = [];

    private StoreShape(int drives)
    {
        DriveSetPlan plan = SimDriveSet.FirstPlan(drives);
        Drives = drives;
        FirstLayout = LayoutPlanner.PlanFirst([.. plan.Formats.Select((f, i) => new LayoutDrive(f.Drive, "node" + i))]);
    }

    public int Drives { get; }

    public StoreLayout FirstLayout { get; }

    /// <summary>Drives of a partition that may be missing without losing data.</summary>
    public int Parity => FirstLayout.Standard.ParityShards;

    /// <summary>
    /// Drives that may be missing without losing what was acknowledged a moment ago: it is on a write quorum only, and
    /// the drives that missed it are still being brought up to date.
    /// </summary>
    public int FreshParity => FirstLayout.WriteQuorum - FirstLayout.Standard.DataShards;

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

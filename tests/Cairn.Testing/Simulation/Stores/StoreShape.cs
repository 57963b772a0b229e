using Cairn.Drives.Format;
using Cairn.Objects.Layout;
using Cairn.Testing.Simulation.Drives;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>How many drives a store has. First layouts are planned once and shared: they are immutable and cost milliseconds.</summary>
internal sealed class StoreShape
{
    private static readonly Dictionary<(int Drives, int Spares), StoreShape> Known = [];

    private StoreShape(int drives, int spares)
    {
        DriveSetPlan plan = SimDriveSet.FirstPlan(drives + spares);
        LayoutDrive[] all = [.. plan.Formats.Select((f, i) => new LayoutDrive(f.Drive, "node" + i))];
        Drives = all.Length;
        FirstLayout = LayoutPlanner.PlanFirst(all[..drives]);
        Spares = all[drives..];
    }

    /// <summary>All of them, spares too.</summary>
    public int Drives { get; }

    /// <summary>Drives that the first layout does not have.</summary>
    public IReadOnlyList<LayoutDrive> Spares { get; }

    public StoreLayout FirstLayout { get; }

    /// <summary>Drives of a partition that may be missing without losing data.</summary>
    public int Parity => FirstLayout.Standard.ParityShards;

    /// <summary>
    /// Drives that may be missing without losing what was acknowledged a moment ago: it is on a write quorum only, and
    /// the drives that missed it are still being brought up to date.
    /// </summary>
    public int FreshParity => FirstLayout.WriteQuorum - FirstLayout.Standard.DataShards;

    public static StoreShape Of(int drives, int spares = 0)
    {
        lock (Known)
        {
            if (!Known.TryGetValue((drives, spares), out StoreShape? shape))
            {
                Known.Add((drives, spares), shape = new StoreShape(drives, spares));
            }

            return shape;
        }
    }
}

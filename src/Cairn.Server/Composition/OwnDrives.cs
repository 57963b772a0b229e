using Cairn.Drives;
using Cairn.Drives.Fencing;
using Cairn.Objects.Layout;
using Cairn.Objects.Rebalance;

namespace Cairn.Server.Composition;

/// <summary>This node's drives as the store and other nodes call them: behind the fence of the layout.</summary>
internal sealed class OwnDrives
{
    /// <param name="node">What the layout calls this node.</param>
    /// <param name="drives">Open.</param>
    public OwnDrives(string node, IEnumerable<IDrive> drives)
    {
        EpochFence fence = new();
        Node = node;
        Standing = new LayoutStanding(node, fence);
        Fenced = [.. drives.Select(drive => new FencedDrive(drive, fence))];
    }

    public string Node { get; }

    public LayoutStanding Standing { get; }

    /// <summary>All of them, whether or not the layout has them.</summary>
    public IReadOnlyList<IDrive> Fenced { get; }

    /// <summary>Those that the layout has.</summary>
    public IEnumerable<IDrive> In(StoreLayout layout) => Among(layout.Drives);

    public IEnumerable<IDrive> Among(IEnumerable<LayoutDrive> named)
    {
        HashSet<Primitives.Ids.DriveId> ids =
            [.. named.Where(drive => drive.Duty != LayoutDuty.Left).Select(drive => drive.Id)];
        return Fenced.Where(drive => ids.Contains(drive.Id));
    }

    /// <summary>The store needs it, and another node has it.</summary>
    public bool IsElsewhere(LayoutDrive drive) => drive.Node != Node && drive.Duty != LayoutDuty.Left;
}

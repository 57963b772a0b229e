using Cairn.Drives.Fencing;
using Cairn.Objects.Layout;

namespace Cairn.Objects.Rebalance;

/// <summary>How far this node has come with the layout, and the fence of its drives that goes with it.</summary>
/// <remarks>
/// A call that hangs in a drive keeps the floor from being in force, and nothing else: the node goes on with newer layouts.
/// Concurrency: layouts come one at a time; anyone may ask.
/// </remarks>
/// <param name="node">As the layout calls it.</param>
/// <param name="fence">Of its drives.</param>
public sealed class LayoutStanding(string node, EpochFence fence)
{
    private readonly Lock _gate = new();
    private long _epoch = -1;
    private long _floor;

    /// <summary>Of the moves that this node makes.</summary>
    public Func<MoveCounts> Moves { get; set; } = static () => default;

    /// <summary>Told the newest epoch that another node knows; must return at once.</summary>
    public Action<long> Heard { get; set; } = static _ => { };

    /// <summary>Who votes on the layout that this node works by.</summary>
    internal IReadOnlyList<string> Voters { get; private set; } = [];

    /// <summary>The epoch that this node works by; below 0 while it serves nothing.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>Null while this node serves nothing.</summary>
    public NodeStanding? Get()
    {
        lock (_gate)
        {
            return _epoch < 0 ? null : new NodeStanding(node, _epoch, _floor, Moves());
        }
    }

    /// <summary>Lets in what calls by the layout, before the node works by it.</summary>
    public void Open(StoreLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        fence.Know(layout.CallEpoch);
        _ = RaiseAsync(layout.Progress.Floor);
    }

    /// <summary>The node works by the layout, and by nothing older.</summary>
    public void Take(StoreLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        lock (_gate)
        {
            _epoch = layout.Epoch;
            Voters = layout.Voters;
        }

        fence.Know(layout.CallEpoch);
        _ = RaiseAsync(layout.Progress.Floor);
    }

    private async Task RaiseAsync(long floor)
    {
        await fence.RaiseAsync(floor, CancellationToken.None);
        lock (_gate)
        {
            _floor = Math.Max(_floor, floor);
        }
    }
}

using Cairn.Drives;
using Cairn.Drives.Fencing;
using Cairn.Objects;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>What a node knows of the layout, and whether it stands still.</summary>
internal sealed class SimLayoutNode(string name, EpochFence fence, long epoch)
{
    private TaskCompletionSource? _awake;

    public string Name => name;

    /// <summary>Of its drive.</summary>
    public EpochFence Fence => fence;

    public long Epoch { get; set; } = epoch;

    /// <summary>As it tells others; of what its fence does, the mutation may think otherwise.</summary>
    public long Floor { get; set; }

    /// <summary>Null when it only has a drive.</summary>
    public ObjectStore? Store { get; set; }

    /// <summary>All drives, as this coordinator reaches them.</summary>
    public IReadOnlyList<IDrive> Reached { get; set; } = [];

    public bool IsAsleep => _awake is not null;

    public void Sleep() => _awake ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Wake()
    {
        TaskCompletionSource? awake = _awake;
        _awake = null;
        awake?.SetResult();
    }

    public Task AwakeAsync() => _awake?.Task ?? Task.CompletedTask;
}

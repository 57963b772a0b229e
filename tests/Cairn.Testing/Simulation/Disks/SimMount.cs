namespace Cairn.Testing.Simulation.Disks;

/// <summary>One life of the handles to a disk: it ends when the disk loses power or is pulled out.</summary>
internal sealed class SimMount(SimDisk disk)
{
    public SimDisk Disk { get; } = disk;

    /// <summary>The handles' process went down with the machine: nothing of theirs ever completes.</summary>
    public bool IsCrashed { get; set; }

    /// <summary>The disk was pulled out under the handles: they fail for ever, even when it returns.</summary>
    public bool IsDetached { get; set; }
}

namespace Cairn.Testing.Simulation.Disks;

/// <summary>What is asked of a disk. Faults and durations differ by kind.</summary>
internal enum SimOperation
{
    Read,
    Write,
    Sync,
    Names,
    IndexRead,
    IndexWrite,
}

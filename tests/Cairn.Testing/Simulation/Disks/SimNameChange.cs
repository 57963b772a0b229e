namespace Cairn.Testing.Simulation.Disks;

/// <summary>One change of the directory tree, in the order the file system saw it.</summary>
/// <remarks>With a created file a creation, with a target a rename, otherwise a removal.</remarks>
internal sealed record SimNameChange(string Path, string? Target, SimInode? Created)
{
    public bool Touches(string path) => Path == path || Target == path;

    public bool IsIn(string directory) =>
        SimNames.DirectoryOf(Path) == directory || (Target is not null && SimNames.DirectoryOf(Target) == directory);
}

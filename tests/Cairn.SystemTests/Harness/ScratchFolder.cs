namespace Cairn.SystemTests.Harness;

/// <summary>A folder of its own for one test, removed with everything in it on disposal.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <param name="parent">Where to make it; by default the system's folder for temporary files.</param>
    public ScratchFolder(string? parent = null)
    {
        Location = Path.Combine(parent ?? Path.GetTempPath(), $"cairn-system-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Location);
    }

    public string Location { get; }

    public string Combine(params string[] parts) => Path.Combine([Location, .. parts]);

    public string CreateFolder(params string[] parts) => Directory.CreateDirectory(Combine(parts)).FullName;

    public void Dispose()
    {
        if (Directory.Exists(Location))
        {
            Directory.Delete(Location, recursive: true);
        }
    }
}

namespace Cairn.SystemTests.Harness;

/// <summary>Paths inside the working copy that the tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = FindRoot();

    public static string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>A file or folder of this test project's sources, such as a client script.</summary>
    public static string Source(params string[] parts) =>
        Path.Combine([Root, "tests", "Cairn.SystemTests", .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cairn.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The system tests run from a working copy: Cairn.slnx was not found.");
    }
}

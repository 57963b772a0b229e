namespace Cairn.UnitTests.Drives;

/// <summary>Finds the golden files in the repository that the tests run in.</summary>
internal static class GoldenFiles
{
    public static string PathOf(string name) => Path.Combine(Folder(), name);

    private static string Folder()
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                string golden = Path.Combine(folder, "tests", "Cairn.UnitTests", "Drives", "Golden");
                if (Directory.Exists(golden))
                {
                    return golden;
                }
            }
        }

        throw new DirectoryNotFoundException("The golden files are found from within the repository only.");
    }
}

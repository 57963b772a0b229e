namespace Cairn.SystemTests.Harness;

/// <summary>The real executable under test.</summary>
/// <remarks>
/// Purpose: the tests start what a user starts. CAIRN_EXECUTABLE names another build (a published folder, an older
/// release); without it the most recently built output of Cairn.Server is taken, so that neither the configuration
/// nor a stale publish decides.
/// </remarks>
internal static class CairnExecutable
{
    public static string FilePath { get; } = Find();

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("CAIRN_EXECUTABLE");
        if (!string.IsNullOrEmpty(named))
        {
            return Path.GetFullPath(named);
        }

        var bin = Path.Combine(RepositoryFolder.Artifacts, "bin", "Cairn.Server");
        string[] candidates = [Path.Combine(bin, "release", "cairn"), Path.Combine(bin, "debug", "cairn")];
        return candidates
            .Where(File.Exists)
            // The apphost is copied once and keeps its time; the assembly beside it tells when the code was built.
            .OrderByDescending(path => File.GetLastWriteTimeUtc(path + ".dll"))
            .FirstOrDefault()
            ?? throw new InvalidOperationException("No cairn executable: build src/Cairn.Server first.");
    }
}

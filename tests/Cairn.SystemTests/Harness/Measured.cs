namespace Cairn.SystemTests.Harness;

/// <summary>Figures that a test finds and does not judge: into its output, and into the file that CAIRN_MEASURED names.</summary>
internal static class Measured
{
    public static void Write(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("CAIRN_MEASURED") is { Length: > 0 } file)
        {
            File.AppendAllText(file, line + "\n");
        }
    }
}

using System.Runtime.CompilerServices;
using Xunit;

namespace Cairn.UnitTests.Objects.Records;

/// <summary>Bytes of a released format, beside the tests.</summary>
/// <remarks>
/// A golden file changes only together with a format version. To add one, run the tests with CAIRN_WRITE_GOLDEN=1: files
/// that are missing are written, files that exist are never touched.
/// </remarks>
internal static class GoldenRecord
{
    public static void Check(string name, byte[] encoded, [CallerFilePath] string testFile = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(testFile)!, name + ".golden");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("CAIRN_WRITE_GOLDEN") == "1")
        {
            File.WriteAllBytes(path, encoded);
        }

        Assert.Equal(Convert.ToHexStringLower(File.ReadAllBytes(path)), Convert.ToHexStringLower(encoded));
    }
}

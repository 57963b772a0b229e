using Cairn.UnitTests.Tidy;
using Xunit;

namespace Cairn.UnitTests;

/// <summary>The bytes of a released format, as a file beside the tests of the format.</summary>
/// <remarks>
/// A file that does not match means that drives or nodes of the last release are not understood any more: a change of
/// the bytes is a new version of the format with a file of its own. With CAIRN_WRITE_GOLDEN=1 files that are missing are
/// written; a file that exists is never touched.
/// </remarks>
internal static class GoldenFile
{
    /// <summary>Compares what is written today with what was released.</summary>
    /// <param name="name">Below tests/Cairn.UnitTests, with the format's version and without the ending.</param>
    /// <param name="written">What the encoder makes.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Check(string name, byte[] written)
    {
        string path = Path.Combine(Repository.Root, "tests", "Cairn.UnitTests", name + ".golden");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("CAIRN_WRITE_GOLDEN") == "1")
        {
            File.WriteAllBytes(path, written);
        }

        byte[] golden = File.ReadAllBytes(path);
        Assert.Equal(Convert.ToHexStringLower(golden), Convert.ToHexStringLower(written));
        return golden;
    }
}

using Cairn.UnitTests.Tidy;
using Xunit;

namespace Cairn.UnitTests.Cluster;

/// <summary>Messages of released versions, as files.</summary>
/// <remarks>
/// A file that does not match means that nodes of the last release do not understand this one: make a new version of the
/// messages instead of a new file. CAIRN_WRITE_GOLDEN=1 writes files that are missing; it never changes one.
/// </remarks>
internal static class WireGolden
{
    public static byte[] Check(string name, byte[] written)
    {
        string path = Path.Combine(Repository.Root, "tests", "Cairn.UnitTests", "Cluster", "Golden", name + ".v1.golden");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("CAIRN_WRITE_GOLDEN") == "1")
        {
            File.WriteAllBytes(path, written);
        }

        byte[] golden = File.ReadAllBytes(path);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(written));
        return golden;
    }
}

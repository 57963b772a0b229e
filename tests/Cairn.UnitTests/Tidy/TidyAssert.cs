using Xunit;

namespace Cairn.UnitTests.Tidy;

/// <summary>Fails with all violations at once, each with its place.</summary>
internal static class TidyAssert
{
    public static void None(IEnumerable<string> violations)
    {
        string[] all = [.. violations];
        Assert.True(all.Length == 0, $"{all.Length} violations:\n{string.Join('\n', all)}");
    }
}

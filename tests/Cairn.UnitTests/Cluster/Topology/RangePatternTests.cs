using Cairn.Cluster.Topology;
using Xunit;

namespace Cairn.UnitTests.Cluster.Topology;

public sealed class RangePatternTests
{
    private const int Limit = 256;

    [Theory]
    [InlineData("/mnt/drive", "/mnt/drive")]
    [InlineData("d{1...4}", "d1 d2 d3 d4")]
    [InlineData("d{9...11}x", "d9x d10x d11x")]
    [InlineData("d{08...11}", "d08 d09 d10 d11")]
    [InlineData("d{a...d}", "da db dc dd")]
    [InlineData("d{A...D}", "dA dB dC dD")]
    [InlineData("d{08...0b}", "d08 d09 d0a d0b")]
    [InlineData("d{0...2}", "d0 d1 d2")]
    public void Ranges_stand_for_their_numbers(string pattern, string expected)
    {
        Assert.True(RangePattern.TryExpand(pattern, Limit, out IReadOnlyList<string> paths, out _));
        Assert.Equal(expected.Split(' '), paths);
    }

    [Fact]
    public void Several_ranges_multiply_with_the_leftmost_varying_fastest()
    {
        Assert.True(RangePattern.TryExpand("/rack{1...2}/drive{1...3}", Limit, out IReadOnlyList<string> paths, out _));
        Assert.Equal(
            ["/rack1/drive1", "/rack2/drive1", "/rack1/drive2", "/rack2/drive2", "/rack1/drive3", "/rack2/drive3"],
            paths);
    }

    [Theory]
    [InlineData("d{1..4}", "not a range")]
    [InlineData("d{1...4...6}", "not a range")]
    [InlineData("d{...4}", "not a range")]
    [InlineData("d{-1...4}", "not a range")]
    [InlineData("d{1...g}", "not a range")]
    [InlineData("d{ 1...4}", "not a range")]
    [InlineData("d{}", "not a range")]
    [InlineData("d{99999999999999999999...4}", "not a range")]
    [InlineData("d{4...1}", "not below")]
    [InlineData("d{4...4}", "not below")]
    [InlineData("d{1...4", "without its '}'")]
    [InlineData("d1...4}", "without its '{'")]
    [InlineData("d{1...4}}", "without its '{'")]
    [InlineData("d{1...20000}", "more than 10000 numbers")]
    [InlineData("d{1...300}", "more than 256 drives")]
    [InlineData("d{1...200}{1...200}", "more than 256 drives")]
    public void What_is_not_a_range_is_refused_with_its_reason(string pattern, string reason)
    {
        Assert.False(RangePattern.TryExpand(pattern, Limit, out _, out string problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_itself_is_accepted()
    {
        Assert.True(RangePattern.TryExpand("d{1...256}", Limit, out IReadOnlyList<string> paths, out _));
        Assert.Equal(Limit, paths.Count);
    }
}

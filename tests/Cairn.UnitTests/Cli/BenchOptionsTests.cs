using Cairn.Cli.Bench;
using Cairn.Cli.Output;
using Xunit;

namespace Cairn.UnitTests.Cli;

/// <summary>What <c>cairn bench</c> accepts.</summary>
public sealed class BenchOptionsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("4KiB", 4096)]
    [InlineData("4k", 4096)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("2G", 2L << 30)]
    [InlineData("17B", 17)]
    public void Sizes_are_understood(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("9223372036854775807K")]
    [InlineData("99999999999999999999")]
    public void Other_sizes_are_not(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("put")]
    [InlineData("get=1,put=3")]
    [InlineData("mixed")]
    [InlineData("list")]
    public void Operations_are_understood(string text) => Assert.True(OperationMix.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("write")]
    [InlineData("get=0")]
    [InlineData("get=1,get=2")]
    [InlineData("get=x")]
    [InlineData("get=1=2")]
    public void Other_operations_are_not(string text) => Assert.False(OperationMix.TryParse(text, out _));

    [Fact]
    public void Operations_come_in_their_proportions()
    {
        Assert.True(OperationMix.TryParse("get=70,put=30", out OperationMix? mix));
        var random = new Random(1);
        int gets = Enumerable.Range(0, 10_000).Count(_ => mix!.Pick(random) == BenchOperation.Get);
        Assert.InRange(gets, 6_800, 7_200);
    }

    [Fact]
    public void Sizes_come_in_their_proportions_and_never_change_for_an_object()
    {
        Assert.True(ObjectSizes.TryParse("4KiB:80,1MiB:20", out ObjectSizes? sizes));
        int small = Enumerable.Range(0, 10_000).Count(number => sizes!.SizeOf(number) == 4096);
        Assert.InRange(small, 7_800, 8_200);
        Assert.Equal(((80L * 4096) + (20L << 20)) / 100, sizes!.Average);
        Assert.Equal(1 << 20, sizes.Largest);
        Assert.All(Enumerable.Range(0, 100), number => Assert.Equal(sizes.SizeOf(number), sizes.SizeOf(number)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4KiB:0")]
    [InlineData("4KiB:1:2")]
    [InlineData("2GiB")]
    [InlineData("4KiB,")]
    public void Other_size_mixes_are_refused(string text) => Assert.False(ObjectSizes.TryParse(text, out _));

    [Fact]
    public void Content_follows_from_number_and_size_alone()
    {
        var one = new BenchPayload(100_000);
        var other = new BenchPayload(100_000);
        Assert.True(one.Content(5, 70_000).SequenceEqual(other.Content(5, 70_000)));
        Assert.False(one.Content(5, 70_000).SequenceEqual(one.Content(6, 70_000)));
        byte[] expected = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(one.Content(5, 70_000)[1_000..3_000])));
        Assert.Equal(expected, one.Hash(5, 1_000, 2_000));
    }
}

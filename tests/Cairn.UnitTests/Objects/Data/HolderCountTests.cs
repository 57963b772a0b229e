using Cairn.Objects.Data;
using Xunit;

namespace Cairn.UnitTests.Objects.Data;

/// <summary>Method: the order of events that once let two readers share one buffer.</summary>
public sealed class HolderCountTests
{
    [Fact]
    public void Count_never_rises_from_zero()
    {
        HolderCount holders = new();
        Assert.True(holders.TryAdd());
        Assert.False(holders.Release());
        Assert.True(holders.Release());
        Assert.False(holders.TryAdd());
    }
}

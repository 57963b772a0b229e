using Cairn.Cluster.Transport;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Cluster.Transport;

// Against a plain set: numbers come nearly in order, with repetitions near and far.
public sealed class SeenCallsTests
{
    [Fact]
    public void Each_call_is_new_once()
    {
        SimRandom random = new(1);
        SeenCalls seen = new();
        HashSet<ulong> model = [];
        ulong top = 1000;
        for (int i = 0; i < 200_000; i++)
        {
            top += (ulong)random.Next(3);
            ulong call = top - (ulong)random.Next(random.Chance(0.9) ? 100 : 1000);
            Assert.Equal(model.Add(call), seen.TryAdd(call));
        }
    }

    [Fact]
    public void Call_far_below_the_newest_counts_as_seen()
    {
        SeenCalls seen = new();
        Assert.True(seen.TryAdd(1_000_000));
        Assert.False(seen.TryAdd(1));
        Assert.True(seen.TryAdd(999_999));
        Assert.True(seen.TryAdd(ulong.MaxValue));
        Assert.False(seen.TryAdd(1_000_001));
        Assert.True(seen.TryAdd(ulong.MaxValue - 1));
    }
}

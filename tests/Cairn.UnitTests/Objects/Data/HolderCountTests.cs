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

    // A substitute that is asked when the run was given back must neither get its memory nor return it again.
    [Fact]
    public void Run_that_was_given_back_takes_no_late_drive()
    {
        StripeRun run = new(0, 100, 4);
        run.PlaceOf(0).Span.Fill(1);
        run.Dispose();
        Assert.False(run.TryAddHolder());
    }
}

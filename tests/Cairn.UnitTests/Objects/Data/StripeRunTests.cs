using Cairn.Objects.Data;
using Xunit;

namespace Cairn.UnitTests.Objects.Data;

public sealed class StripeRunTests
{
    [Fact]
    public void A_run_stays_while_somebody_holds_it()
    {
        StripeRun run = new(offset: 0, length: 100, total: 4);
        Assert.True(run.TryAddHolder());
        run.Dispose();
        Assert.True(run.TryAddHolder());
        run.Dispose();
        run.Dispose();
    }

    /// <summary>Otherwise a hedge that comes late would return the buffers to the pool a second time.</summary>
    [Fact]
    public void A_run_that_ended_takes_no_holder_again()
    {
        StripeRun run = new(offset: 0, length: 100, total: 4);
        _ = run.PlaceOf(0);
        run.Dispose();
        Assert.False(run.TryAddHolder());
    }
}

using Cairn.Drives.Fencing;
using Xunit;

namespace Cairn.UnitTests.Drives.Fencing;

/// <summary>Who is let in, and when a raised floor is in force.</summary>
public sealed class EpochFenceTests
{
    [Fact]
    public async Task Nothing_is_let_in_before_the_layout_is_known()
    {
        EpochFence fence = new();
        Assert.False(fence.TryEnter(0) || fence.TryEnter(long.MaxValue) || fence.IsOpen);
        await fence.RaiseAsync(0, CancellationToken.None);
        Assert.True(fence.TryEnter(0) && fence.IsOpen);
    }

    [Fact]
    public async Task Floor_is_in_force_when_the_last_older_call_has_ended()
    {
        EpochFence fence = new();
        await fence.RaiseAsync(3, CancellationToken.None);
        Assert.True(fence.TryEnter(3) && fence.TryEnter(3) && fence.TryEnter(4) && fence.TryEnter(5));
        Task raised = fence.RaiseAsync(5, CancellationToken.None).AsTask();
        Assert.False(fence.TryEnter(3) || fence.TryEnter(4));
        fence.Exit(4);
        fence.Exit(3);
        Assert.False(raised.IsCompleted);
        fence.Exit(3);
        await raised;
        Assert.True(fence.TryEnter(5));
    }

    [Fact]
    public async Task Floor_never_falls()
    {
        EpochFence fence = new();
        await fence.RaiseAsync(7, CancellationToken.None);
        await fence.RaiseAsync(2, CancellationToken.None);
        Assert.Equal(7, fence.Floor);
        Assert.False(fence.TryEnter(6));
    }
}

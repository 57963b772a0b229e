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
    public async Task No_call_that_was_let_in_is_under_way_once_the_floor_is_in_force()
    {
        EpochFence fence = new();
        long inForce = 0;
        await fence.RaiseAsync(0, CancellationToken.None);
        Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (long epoch = 0; (epoch = Volatile.Read(ref inForce)) < 2000;)
            {
                if (fence.TryEnter(epoch))
                {
                    Thread.SpinWait(20);
                    Assert.True(Volatile.Read(ref inForce) <= epoch);
                    fence.Exit(epoch);
                }
            }
        }))];
        for (long floor = 1; floor <= 2000; floor++)
        {
            await fence.RaiseAsync(floor, CancellationToken.None).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Volatile.Write(ref inForce, floor);
        }

        await Task.WhenAll(callers);
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

using System.Runtime.CompilerServices;
using Cairn.Cluster.Transport;
using Xunit;

namespace Cairn.UnitTests.Cluster.Transport;

// An answer, a cancellation and the end of the connection meet at one call. What counts is the first of them, where the
// caller goes on, and that no frame stays rented.
public sealed class PendingCallTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(16 << 10, true)]
    [InlineData((16 << 10) + 1, false)]
    public async Task Caller_of_a_small_answer_goes_on_where_it_is_received(int size, bool isHere)
    {
        PendingCall call = new();
        using ThreadLocal<bool> isAnswering = new();
        TaskCompletionSource<bool> wentOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTaskAwaiter<CallReply> waiting = call.Answered.GetAwaiter();
        WithoutContext(() => waiting.UnsafeOnCompleted(() => wentOn.SetResult(isAnswering.Value)));
        isAnswering.Value = true;
        call.Answer(Response(size));
        isAnswering.Value = false;
        Assert.Equal(isHere, await wentOn.Task);
        CallReply reply = await call.Answered;
        Assert.Equal(size, reply.Payload.Length);
        reply.Dispose();
    }

    [Fact]
    public async Task Answer_behind_the_cancellation_is_given_back()
    {
        PendingCall call = new();
        using CancellationTokenSource cancellation = new();
        await cancellation.CancelAsync();
        call.Cancel(cancellation.Token);
        Frame late = Response(10);
        call.Answer(late);
        call.Lose();
        Assert.Throws<ObjectDisposedException>(() => late.Payload);
        OperationCanceledException cancelled =
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await call.Answered);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task End_and_cancellation_behind_the_answer_change_nothing()
    {
        PendingCall call = new();
        call.Answer(Response(10));
        call.Lose();
        call.Cancel(new CancellationToken(canceled: true));
        using CallReply reply = await call.Answered;
        Assert.Equal((CallStatus.Ok, 10), (reply.Status, reply.Payload.Length));
    }

    private static void WithoutContext(Action action)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        action();
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private static Frame Response(int size)
    {
        Frame frame = Frame.Rent(FrameKind.Response);
        new MessageWriter(frame).Raw(new byte[size]);
        return frame;
    }
}

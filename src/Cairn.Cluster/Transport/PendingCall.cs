using System.Threading.Tasks.Sources;

namespace Cairn.Cluster.Transport;

/// <summary>A call that waits for its answer.</summary>
/// <remarks>
/// Who waits for a small answer goes on where it was received: a change of thread for each of the answers that come
/// together costs more than most of the callers have left to do. So a caller must not do much before it waits again.
/// Concurrency: answered and cancelled from anywhere, of which the first counts; one waiter.
/// </remarks>
internal sealed class PendingCall : IValueTaskSource<CallReply>
{
    // A larger answer takes time to read, during which nothing else would be received.
    private const int LargestContinuedHere = 16 << 10;

    private ManualResetValueTaskSourceCore<CallReply> _answer = new() { RunContinuationsAsynchronously = true };
    private int _isOver;

    /// <summary>To be asked for once.</summary>
    public ValueTask<CallReply> Answered => new(this, _answer.Version);

    /// <summary>Takes the frame over: nobody else gets it when the caller has given up.</summary>
    public void Answer(Frame response)
    {
        if (!TryEnd())
        {
            response.Dispose();
            return;
        }

        CallReply reply = CallReply.Of(response.Status);
        if (response.Status == CallStatus.Ok)
        {
            reply = CallReply.Of(response);
        }
        else
        {
            response.Dispose();
        }

        _answer.RunContinuationsAsynchronously = reply.Payload.Length > LargestContinuedHere;
        _answer.SetResult(reply);
    }

    /// <summary>The connection has ended.</summary>
    public void Lose()
    {
        if (TryEnd())
        {
            _answer.SetResult(CallReply.Of(CallStatus.Lost));
        }
    }

    /// <summary>The caller gives up.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (TryEnd())
        {
            _answer.SetException(new OperationCanceledException(cancellationToken));
        }
    }

    CallReply IValueTaskSource<CallReply>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<CallReply>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<CallReply>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private bool TryEnd() => Interlocked.Exchange(ref _isOver, 1) == 0;
}

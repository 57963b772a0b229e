namespace Cairn.Cluster.Transport;

/// <summary>A call that waits for its answer.</summary>
internal sealed class PendingCall() : TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Takes the frame over: nobody else gets it when the caller has given up.</summary>
    public void Answer(Frame response)
    {
        CallReply reply = CallReply.Of(response.Status);
        if (response.Status == CallStatus.Ok)
        {
            reply = CallReply.Of(response);
        }
        else
        {
            response.Dispose();
        }

        if (!TrySetResult(reply))
        {
            reply.Dispose();
        }
    }
}

namespace Cairn.Cluster.Transport;

/// <summary>Waits that a token can end.</summary>
/// <remarks>
/// Task.WaitAsync resumes on a thread of its own when the source runs continuations asynchronously, and would leave the
/// simulator's scheduler. Here the source itself is cancelled, so it must have one waiter only.
/// </remarks>
internal static class CancellableWait
{
    /// <exception cref="OperationCanceledException">Cancelled first; the source is spent.</exception>
    public static async ValueTask WaitAsync(this TaskCompletionSource source, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), source);
        await source.Task;
    }
}

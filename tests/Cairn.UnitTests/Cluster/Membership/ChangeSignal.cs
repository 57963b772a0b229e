using Cairn.Cluster.Membership;

namespace Cairn.UnitTests.Cluster.Membership;

/// <summary>Lets a test await the next change that an agent tells.</summary>
internal sealed class ChangeSignal : IMembershipObserver
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    /// <summary>Ends with the next change after this was asked for.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>How often two changes were told at the same time.</summary>
    public int Overlaps { get; private set; }

    public void OnChange(MembershipChange change)
    {
        if (Interlocked.Increment(ref _inside) > 1)
        {
            Overlaps++;
        }

        TaskCompletionSource told = Interlocked.Exchange(
            ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        told.SetResult();
        Interlocked.Decrement(ref _inside);
    }

    /// <summary>Looks now, and again whenever anybody was told of a change.</summary>
    public static async Task AwaitAsync(
        IReadOnlyCollection<ChangeSignal> signals, Func<bool> holds, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            Task[] changes = [.. signals.Select(signal => signal.Next)];
            if (holds())
            {
                return;
            }

            await Task.WhenAny(changes).WaitAsync(limit.Token);
        }
    }
}

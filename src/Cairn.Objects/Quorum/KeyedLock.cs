using Cairn.Drives.Registers;

namespace Cairn.Objects.Quorum;

/// <summary>One lock per register that is being written, first come first served.</summary>
/// <remarks>
/// Purpose: writers of one process would otherwise outbid each other's ballots. Nothing depends on it for correctness:
/// other nodes do not see it. A lock per key and not per stripe, so that a hung drive holds up only keys it is asked
/// about. Concurrency: an uncontended acquire is one dictionary insert; waiters resume on their own context.
/// </remarks>
internal sealed class KeyedLock
{
    private const int StripeCount = 64;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];

    /// <exception cref="OperationCanceledException">Cancelled before the lock was taken; it is not held.</exception>
    public ValueTask<Holder> AcquireAsync(RegisterKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Stripe stripe = _stripes[key.GetHashCode() & (StripeCount - 1)];
        LinkedListNode<TaskCompletionSource> node;
        LinkedList<TaskCompletionSource>? waiters;
        lock (stripe.Gate)
        {
            if (stripe.Held.TryAdd(key, null))
            {
                return new ValueTask<Holder>(new Holder(stripe, key));
            }

            waiters = stripe.Held[key] ??= new LinkedList<TaskCompletionSource>();
            node = waiters.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return WaitAsync(stripe, key, node, cancellationToken);
    }

    private static async ValueTask<Holder> WaitAsync(
        Stripe stripe, RegisterKey key, LinkedListNode<TaskCompletionSource> node, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration =
            cancellationToken.Register(() => Abandon(stripe, node, cancellationToken));
        await node.Value.Task;
        return new Holder(stripe, key);
    }

    private static void Abandon(
        Stripe stripe, LinkedListNode<TaskCompletionSource> node, CancellationToken cancellationToken)
    {
        lock (stripe.Gate)
        {
            // A node without a list has been handed the lock already: the waiter owns it and must go on.
            if (node.List is not { } waiters)
            {
                return;
            }

            waiters.Remove(node);
        }

        node.Value.TrySetCanceled(cancellationToken);
    }

    /// <summary>Proof of the lock; disposed once.</summary>
    public readonly struct Holder : IDisposable
    {
        private readonly Stripe _stripe;
        private readonly RegisterKey _key;

        internal Holder(Stripe stripe, RegisterKey key)
        {
            _stripe = stripe;
            _key = key;
        }

        public void Dispose()
        {
            TaskCompletionSource next;
            lock (_stripe.Gate)
            {
                LinkedList<TaskCompletionSource>? waiters = _stripe.Held[_key];
                if (waiters?.First is not { } first)
                {
                    _stripe.Held.Remove(_key);
                    return;
                }

                waiters.Remove(first);
                next = first.Value;
            }

            next.SetResult();
        }
    }

    internal sealed class Stripe
    {
        public Lock Gate { get; } = new();

        public Dictionary<RegisterKey, LinkedList<TaskCompletionSource>?> Held { get; } = [];
    }
}

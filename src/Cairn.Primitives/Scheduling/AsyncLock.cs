namespace Cairn.Primitives.Scheduling;

/// <summary>Mutual exclusion across awaits, first come first served.</summary>
/// <remarks>
/// Purpose: SemaphoreSlim with a token resumes on a thread of its own and would leave the simulator's scheduler.
/// Concurrency: any caller; a waiter resumes asynchronously on its own context.
/// </remarks>
public sealed class AsyncLock
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiters = new();
    private bool _isHeld;

    /// <summary>Waits for the lock; dispose the result to release it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the lock was taken; it is not held.</exception>
    public async ValueTask<Holder> AcquireAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> node;
        lock (_gate)
        {
            if (!_isHeld)
            {
                _isHeld = true;
                return new Holder(this);
            }

            node = _waiters.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using CancellationTokenRegistration registration =
            cancellationToken.Register(() => Abandon(node, cancellationToken));
        await node.Value.Task;
        return new Holder(this);
    }

    private void Abandon(LinkedListNode<TaskCompletionSource> node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // A node without a list has been handed the lock already: the waiter owns it and must go on.
            if (node.List is null)
            {
                return;
            }

            _waiters.Remove(node);
        }

        node.Value.TrySetCanceled(cancellationToken);
    }

    private void Release()
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            if (_waiters.First is not { } first)
            {
                _isHeld = false;
                return;
            }

            _waiters.Remove(first);
            next = first.Value;
        }

        next.SetResult();
    }

    /// <summary>Proof of the lock; releases it once.</summary>
    public readonly struct Holder : IDisposable, IEquatable<Holder>
    {
        private readonly AsyncLock _owner;

        internal Holder(AsyncLock owner) => _owner = owner;

        public void Dispose() => _owner.Release();

        public bool Equals(Holder other) => ReferenceEquals(_owner, other._owner);

        public override bool Equals(object? obj) => obj is Holder other && Equals(other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_owner);

        public static bool operator ==(Holder left, Holder right) => left.Equals(right);

        public static bool operator !=(Holder left, Holder right) => !left.Equals(right);
    }
}

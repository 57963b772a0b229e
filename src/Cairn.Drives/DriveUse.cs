namespace Cairn.Drives;

/// <summary>Counts calls under way, so that a drive closes its index under none of them.</summary>
/// <remarks>Concurrency: any thread.</remarks>
internal sealed class DriveUse
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The drive itself is one user, until it is ended.
    private int _users = 1;

    /// <summary>False when no call may begin any more.</summary>
    public bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Lets no call begin, and ends when those under way have. To be called once.</summary>
    public Task EndAsync()
    {
        Exit();
        return _idle.Task;
    }
}

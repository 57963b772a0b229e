using Cairn.Drives;
using Cairn.Drives.Registers;

namespace Cairn.Cluster.RemoteDrives;

/// <summary>Commits to one drive of another node, those of one moment in one call.</summary>
/// <remarks>
/// Purpose: a commit is small and nobody waits for it, so that most of what it costs is the call. The first one has the
/// pool send, and until the pool comes to it others join; nothing waits for an answer or for a time.
/// Invariants: all of a call were made under the same token, so that who gives up gives up nothing of somebody else.
/// Commits go out in the order in which they came, but perhaps behind other requests that were made later; that order
/// counts for nothing, since a commit may be lost as well.
/// Concurrency: any caller.
/// </remarks>
internal sealed class CommitGathering(
    Func<IReadOnlyList<CommitRequest>, CancellationToken, ValueTask<DriveResult<DriveFault[]>>> send)
{
    /// <summary>In one call: more share the cost of it no better.</summary>
    public const int MaxCommits = 64;

    private readonly Lock _gate = new();
    private Gathered? _open;

    /// <exception cref="OperationCanceledException">It may or may not happen.</exception>
    public async ValueTask<DriveFault> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Gathered gathered;
        int place;
        lock (_gate)
        {
            gathered = _open is { Requests.Count: < MaxCommits } open && open.Token == cancellationToken
                ? open
                : _open = new Gathered(cancellationToken);
            place = gathered.Requests.Count;
            gathered.Requests.Add(request);
        }

        if (place == 0)
        {
            _ = SendAsync(gathered);
        }

        DriveResult<DriveFault[]> answer = await gathered.Answer.Task;
        return answer.IsOk ? answer.Value[place] : answer.Fault;
    }

#pragma warning disable CA1031 // Every failure belongs to those who wait.
    private async Task SendAsync(Gathered gathered)
    {
        await Task.Yield();
        lock (_gate)
        {
            _open = _open == gathered ? null : _open;
        }

        try
        {
            gathered.Answer.SetResult(await send(gathered.Requests, gathered.Token));
        }
        catch (OperationCanceledException)
        {
            gathered.Answer.SetCanceled(gathered.Token);
        }
        catch (Exception failure)
        {
            gathered.Answer.SetException(failure);
        }
    }
#pragma warning restore CA1031

    private sealed class Gathered(CancellationToken token)
    {
        public CancellationToken Token => token;

        public List<CommitRequest> Requests { get; } = [];

        // Who waits goes on where the answer is taken: that has a few counts to change.
        public TaskCompletionSource<DriveResult<DriveFault[]>> Answer { get; } = new();
    }
}

namespace Cairn.Api.Health;

/// <summary>Whether this node wants requests, and whether somebody asked it to begin anew.</summary>
/// <remarks>
/// A node that leaves goes on serving while balancers learn that it does not want more, and closes each connection with
/// its next answer. Concurrency: any thread; neither step is taken back.
/// </remarks>
public sealed class ServingState
{
    private readonly TaskCompletionSource _restart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLeaving;

    /// <summary>New for every process: tells a node that came back from one that has not gone yet.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N");

    public bool IsLeaving => _isLeaving;

    /// <summary>Ends when somebody asked for a restart.</summary>
    public Task RestartRequested => _restart.Task;

    public void Leave() => _isLeaving = true;

    /// <summary>Asks whoever runs the node to leave, and to end in a way that its supervisor starts it again.</summary>
    public void RequestRestart() => _restart.TrySetResult();
}

namespace Cairn.Objects.Quorum;

/// <summary>Lets one worker in the background rest while clients are served.</summary>
/// <remarks>
/// It rests between small pieces of its work and not after whole values, which may be of many gigabytes.
/// Concurrency: the worker alone.
/// </remarks>
/// <param name="engine">Knows of the clients.</param>
/// <param name="busyShare">Of the time in which clients are served, how much to work: above 0, at most 1.</param>
internal sealed class BackgroundPace(StoreEngine engine, double busyShare)
{
    // Less at a time would be spent on timers.
    private static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(10);

    private TimeSpan _rested = engine.Clients.Served;

    /// <summary>After a piece of work: rests if enough was done beside clients since the last rest.</summary>
    public async ValueTask RestAsync(CancellationToken cancellationToken)
    {
        TimeSpan shared = engine.Clients.Served - _rested;
        if (shared < Stretch)
        {
            return;
        }

        await Task.Delay(shared * ((1 - busyShare) / busyShare), engine.Environment.Time, cancellationToken);
        _rested = engine.Clients.Served;
    }
}

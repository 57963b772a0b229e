using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Makes repairs yield to clients: while there are any, it rests as long as it works.</summary>
/// <remarks>
/// Purpose: without clients a rebuild runs at the speed of the drives; with them they keep most of theirs.
/// Concurrency: one caller.
/// </remarks>
internal sealed class HealingPace(StoreEngine engine)
{
    // Shorter rests would be mostly timer.
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time = engine.Environment.Time;
    private long _workedSince = engine.Environment.Time.GetTimestamp();
    private long _operations;

    /// <summary>Between two steps of work.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan worked = _time.GetElapsedTime(_workedSince);
        if (worked < ShortestRest)
        {
            return;
        }

        long operations = engine.Quorum.ClientOperations;
        if (operations != _operations)
        {
            _operations = operations;
            await Task.Delay(worked < LongestRest ? worked : LongestRest, _time, cancellationToken);
        }

        _workedSince = _time.GetTimestamp();
    }
}

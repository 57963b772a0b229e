using Cairn.Objects.Healing;

namespace Cairn.Objects.Rebalance;

/// <summary>Counts what the mover of this node does; written by it, read by anyone.</summary>
internal sealed class MoveProgress(TimeProvider time)
{
    private long _positions;
    private long _objects;
    private long _bytes;
    private long _started;
    private TimeSpan _lastRun;
    private volatile bool _isRunning;

    public MoveCounts Counts => new(
        Interlocked.Read(ref _positions),
        Interlocked.Read(ref _objects),
        Interlocked.Read(ref _bytes),
        _isRunning ? time.GetElapsedTime(_started) : _lastRun);

    public void Begin()
    {
        if (_isRunning)
        {
            return;
        }

        Interlocked.Exchange(ref _positions, 0);
        Interlocked.Exchange(ref _objects, 0);
        Interlocked.Exchange(ref _bytes, 0);
        _started = time.GetTimestamp();
        _isRunning = true;
    }

    public void End()
    {
        if (_isRunning)
        {
            _lastRun = time.GetElapsedTime(_started);
            _isRunning = false;
        }
    }

    public void CountPositions(int arrived) => Interlocked.Add(ref _positions, arrived);

    public void Count(HealOutcome outcome)
    {
        if (outcome.Verdict == HealVerdict.Healed)
        {
            Interlocked.Increment(ref _objects);
            Interlocked.Add(ref _bytes, outcome.Bytes);
        }
    }
}

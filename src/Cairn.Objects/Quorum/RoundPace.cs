using Cairn.Objects.Partitions;

namespace Cairn.Objects.Quorum;

/// <summary>Compares the drives of one round: who is much later than half of those that were asked with it is noted.</summary>
/// <remarks>
/// Only drives that were asked at the beginning take part, and only good answers count: a drive that is gone answers at
/// once. When all are slow, nobody is late. Concurrency: under the round's lock, but for NoteWaiting.
/// </remarks>
internal struct RoundPace(Partition partition, TimeProvider time)
{
    private const int LateFactor = 4;

    // Below it lies what garbage collections, flushes and schedulers do to anybody.
    private static readonly TimeSpan LateFloor = TimeSpan.FromMilliseconds(20);

    private PositionSet _asked;
    private bool _isWrite;
    private int _answers;
    private long _started;
    private long _boundTicks;

    /// <param name="asked">At the beginning.</param>
    /// <param name="isWrite">Drives may be late with writes alone.</param>
    public void Begin(PositionSet asked, bool isWrite)
    {
        _isWrite = isWrite;
        _asked = asked;
        _started = time.GetTimestamp();
    }

    public void NoteAnswer(int position)
    {
        if (!_asked.Contains(position))
        {
            return;
        }

        TimeSpan age = time.GetElapsedTime(_started);
        _answers++;
        bool isLate = _boundTicks > 0 && age.Ticks > _boundTicks;
        if (_boundTicks == 0 && _answers * 2 >= _asked.Count)
        {
            Volatile.Write(ref _boundTicks, Math.Max(LateFloor.Ticks, age.Ticks * LateFactor));
        }

        DriveEjection ejection = partition.Drives[position].Timing.Ejection;
        if (isLate)
        {
            ejection.NoteLate(_isWrite);
        }
        else
        {
            ejection.NoteOnTime(_isWrite);
        }
    }

    /// <summary>The round has gone on for so long without them.</summary>
    public void NoteWaiting(PositionSet outstanding, TimeSpan age)
    {
        long bound = Volatile.Read(ref _boundTicks);
        if (bound == 0 || age.Ticks <= bound)
        {
            return;
        }

        foreach (int position in outstanding & _asked)
        {
            partition.Drives[position].Timing.Ejection.NoteLate(_isWrite);
        }
    }
}

using Cairn.Drives;

namespace Cairn.Objects.Quorum;

/// <summary>What the times of a drive's answers say: how long to wait before asking another, and whether it is silent.</summary>
/// <remarks>
/// Invariants: HedgeDelay lies in [MinHedgeDelay, MaxHedgeDelay]. A drive is silent after a call went unanswered to its
/// deadline, until any call is answered or the pause is over; each further silence doubles the pause.
/// Concurrency: any caller; the averages tolerate lost updates.
/// See: Dean and Barroso, "The Tail at Scale", 2013; Jacobson, "Congestion Avoidance and Control", 1988 (the estimate).
/// </remarks>
internal sealed class DriveTiming(TimeProvider time, TimeSpan deadline)
{
    private static readonly TimeSpan MinHedgeDelay = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan MaxHedgeDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Deadlines are shared by the calls of a short while: one timer for all of them instead of one each.
    private const int DeadlineSlices = 8;

    private const int LatesBeforeAvoided = 3;

    private SharedDeadline? _shared;
    private double _readMean = MinHedgeDelay.TotalSeconds / 4;
    private double _readDeviation = MinHedgeDelay.TotalSeconds / 8;
    private long _silentUntil;
    private int _silences;
    private int _lates;

    /// <summary>A token that ends after the deadline at the latest, and not before 7/8 of it.</summary>
    public CancellationToken Deadline()
    {
        SharedDeadline? shared = Volatile.Read(ref _shared);
        if (shared is not null && time.GetElapsedTime(shared.Started) < deadline / DeadlineSlices)
        {
            return shared.Token;
        }

        shared = new SharedDeadline(time, deadline);
        Volatile.Write(ref _shared, shared);
        return shared.Token;
    }

    /// <summary>Nothing is expected of it for now.</summary>
    public bool IsSilent => Volatile.Read(ref _silences) > 0 && time.GetTimestamp() < Volatile.Read(ref _silentUntil);

    /// <summary>After so long a read is late, as far as this drive's past goes.</summary>
    public TimeSpan HedgeDelay
    {
        get
        {
            TimeSpan late = TimeSpan.FromSeconds(Volatile.Read(ref _readMean) + (4 * Volatile.Read(ref _readDeviation)));
            return late < MinHedgeDelay ? MinHedgeDelay : late > MaxHedgeDelay ? MaxHedgeDelay : late;
        }
    }

    /// <summary>Mean time of a read in seconds, to prefer one drive over another.</summary>
    public double ReadMean => Volatile.Read(ref _readMean);

    /// <summary>Several reads in a row are late and nothing was answered since: others are asked first.</summary>
    public bool IsLate => Volatile.Read(ref _lates) >= LatesBeforeAvoided;

    /// <summary>Somebody gave up waiting for a read of this drive.</summary>
    public void NoteLate() => Interlocked.Increment(ref _lates);

    public long Begin() => time.GetTimestamp();

    public void End(DriveCall call, long started, DriveFault fault)
    {
        if (fault == DriveFault.Timeout)
        {
            int silences = Interlocked.Increment(ref _silences);
            TimeSpan pause = FirstPause * (1 << Math.Min(silences, 5));
            Volatile.Write(
                ref _silentUntil,
                time.GetTimestamp() + (long)((pause < LongestPause ? pause : LongestPause).TotalSeconds * time.TimestampFrequency));
            return;
        }

        Volatile.Write(ref _silences, 0);
        Volatile.Write(ref _lates, 0);
        if (call == DriveCall.Read)
        {
            double sample = time.GetElapsedTime(started).TotalSeconds;
            double error = sample - _readMean;
            _readMean += error / 8;
            _readDeviation += (Math.Abs(error) - _readDeviation) / 4;
        }
    }

    public void Reset()
    {
        Volatile.Write(ref _silences, 0);
        Volatile.Write(ref _lates, 0);
    }

    private sealed class SharedDeadline
    {
        public SharedDeadline(TimeProvider time, TimeSpan deadline)
        {
            Started = time.GetTimestamp();
            // Not disposed: it is collected once its timer has fired and the last call has ended.
            Token = new CancellationTokenSource(deadline, time).Token;
        }

        public long Started { get; }

        public CancellationToken Token { get; }
    }
}

using Cairn.Drives;

namespace Cairn.Objects.Quorum;

/// <summary>What the times of a drive's answers say: how long to wait before asking another, and whether it is silent.</summary>
/// <remarks>
/// Invariants: HedgeDelayOf lies in [MinHedgeDelay, MaxHedgeDelay]. A drive is silent after a call went unanswered to its
/// deadline, until any call is answered or the pause is over; each further silence doubles the pause.
/// Concurrency: any caller.
/// See: Dean and Barroso, "The Tail at Scale", 2013.
/// </remarks>
internal sealed class DriveTiming(TimeProvider time, TimeSpan deadline)
{
    private static readonly TimeSpan MinHedgeDelay = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan MaxHedgeDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AvoidanceTime = TimeSpan.FromSeconds(5);

    // Deadlines are shared by the calls of a short while: one timer for all of them instead of one each.
    private const int DeadlineSlices = 8;

    private const int LatesBeforeAvoided = 3;

    private SharedDeadline? _shared;
    private readonly LatencyEstimate _read = new(MinHedgeDelay / 4);
    private readonly LatencyEstimate _readShard = new(MinHedgeDelay);
    private long _silentUntil;
    private int _silences;
    private int _lates;
    private long _avoidedUntil;
    private volatile bool _isDoubted;
    private int _isToldOut;

    /// <summary>
    /// Told once when the drive itself is the reason to set it aside, and once (None) when it has answered in time again.
    /// Perhaps under the lock of a round: must return at once.
    /// </summary>
    public Action<AsideReason> AsideChanged
    {
        get;
        set
        {
            field = value;
            Ejection.OutChanged = TellAside;
        }
    } = static _ => { };

    /// <summary>Membership found its node silent, or it is about to go.</summary>
    public bool IsDoubted
    {
        get => _isDoubted;
        set => _isDoubted = value;
    }

    /// <summary>What it did compared with others that were asked the same.</summary>
    public DriveEjection Ejection { get; } = new(time);

    /// <summary>Asked only where the others are too few; a write that has its quorum without it counts as missed.</summary>
    public bool IsAside => _isDoubted || IsSilent || Ejection.IsAside;

    /// <summary>Why that is so, or was until a moment ago.</summary>
    public AsideReason AsideReason =>
        _isDoubted ? AsideReason.Node
        : IsSilent ? AsideReason.Silent
        : Ejection.IsAside ? AsideReason.Lagging
        : Ejection.IsOut ? AsideReason.OnTrial
        : AsideReason.None;

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

    /// <summary>After so long a call of this kind (a read) is late, as far as this drive's past goes.</summary>
    public TimeSpan HedgeDelayOf(DriveCall call)
    {
        TimeSpan late = (call == DriveCall.ReadShard ? _readShard : _read).Late;
        return late < MinHedgeDelay ? MinHedgeDelay : late > MaxHedgeDelay ? MaxHedgeDelay : late;
    }

    /// <summary>Several reads in a row were late and nothing was answered since: others are asked first for a while.</summary>
    public bool IsLate =>
        Volatile.Read(ref _lates) >= LatesBeforeAvoided && time.GetTimestamp() < Volatile.Read(ref _avoidedUntil);

    /// <summary>Somebody gave up waiting for a read of this drive.</summary>
    public void NoteLate()
    {
        if (Interlocked.Increment(ref _lates) >= LatesBeforeAvoided)
        {
            Volatile.Write(ref _avoidedUntil, time.GetTimestamp() + TicksOf(AvoidanceTime));
        }
    }

    public long Begin() => time.GetTimestamp();

    public void End(DriveCall call, long started, DriveFault fault)
    {
        if (fault == DriveFault.Timeout)
        {
            int silences = Interlocked.Increment(ref _silences);
            TimeSpan pause = FirstPause * (1 << Math.Min(silences, 5));
            Volatile.Write(ref _silentUntil, time.GetTimestamp() + TicksOf(pause < LongestPause ? pause : LongestPause));
            TellAside();
            return;
        }

        if (Volatile.Read(ref _silences) != 0)
        {
            Volatile.Write(ref _silences, 0);
            TellAside();
        }

        Volatile.Write(ref _lates, 0);
        if (call is DriveCall.Read or DriveCall.ReadShard)
        {
            (call == DriveCall.Read ? _read : _readShard).Add(time.GetElapsedTime(started));
        }
    }

    public void Reset()
    {
        Volatile.Write(ref _silences, 0);
        Volatile.Write(ref _lates, 0);
        Ejection.Reset();
        Volatile.Write(ref _isToldOut, 0);
    }

    // One story, however many reasons there are at once.
    private void TellAside()
    {
        bool isOut = Ejection.IsOut || Volatile.Read(ref _silences) != 0;
        if (Interlocked.Exchange(ref _isToldOut, isOut ? 1 : 0) != (isOut ? 1 : 0))
        {
            AsideChanged(!isOut ? AsideReason.None : Ejection.IsOut ? AsideReason.Lagging : AsideReason.Silent);
        }
    }

    private long TicksOf(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

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

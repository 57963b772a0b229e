using Cairn.Objects.Quorum;

namespace Cairn.Objects.Healing;

/// <summary>Progress of one drive's repair, as it is counted.</summary>
/// <remarks>Concurrency: written by the healer's steps, read by anyone for display.</remarks>
internal sealed class DriveHealingState(DriveHandle drive, TimeProvider time)
{
    private long _registers;
    private long _repaired;
    private long _failed;
    private long _bytes;

    public DriveHandle Drive => drive;

    public HealingPhase Phase { get; private set; }

    /// <summary>Somebody noted that the drive lacks something, or nobody has looked since the start.</summary>
    public bool IsSuspected { get; set; } = true;

    /// <summary>When the drive was first seen recovering; operations that its predecessor took part in began before.</summary>
    public long? RecoveringSince { get; set; }

    public long? ExpectedBytes { get; set; }

    public long Failed => Volatile.Read(ref _failed);

    private DateTimeOffset Began { get; set; } = time.GetUtcNow();

    public void Enter(HealingPhase phase)
    {
        if (Phase == phase)
        {
            return;
        }

        Phase = phase;
        if (phase is HealingPhase.CatchingUp or HealingPhase.Rebuilding)
        {
            Began = time.GetUtcNow();
            _registers = _repaired = _failed = _bytes = 0;
        }
    }

    public void Restart() => Volatile.Write(ref _failed, 0);

    public void Count(bool isRepaired, bool isFailed, long bytes)
    {
        Interlocked.Increment(ref _registers);
        Interlocked.Add(ref _repaired, isRepaired ? 1 : 0);
        Interlocked.Add(ref _failed, isFailed ? 1 : 0);
        Interlocked.Add(ref _bytes, bytes);
    }

    public DriveHealing ToStatus()
    {
        long bytes = Volatile.Read(ref _bytes);
        TimeSpan? remaining = null;
        if (Phase == HealingPhase.Rebuilding && ExpectedBytes is { } expected && bytes > 0)
        {
            TimeSpan elapsed = time.GetUtcNow() - Began;
            remaining = elapsed * (Math.Max(0, expected - bytes) / (double)bytes);
        }

        return new DriveHealing(
            drive.Id,
            Phase,
            Volatile.Read(ref _registers),
            Volatile.Read(ref _repaired),
            Failed,
            bytes,
            ExpectedBytes,
            Began,
            remaining);
    }
}

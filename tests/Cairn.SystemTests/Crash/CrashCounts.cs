namespace Cairn.SystemTests.Crash;

/// <summary>What a crash run did, to show that it did something.</summary>
internal sealed class CrashCounts
{
    private long _acknowledged;
    private long _doubtful;
    private long _refused;
    private long _verified;
    private long _late;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Doubtful => Interlocked.Read(ref _doubtful);

    public long Refused => Interlocked.Read(ref _refused);

    public long Verified => Interlocked.Read(ref _verified);

    public void CountAcknowledged() => Interlocked.Increment(ref _acknowledged);

    public void CountDoubtful() => Interlocked.Increment(ref _doubtful);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountVerified() => Interlocked.Increment(ref _verified);

    /// <summary>An operation without an answer was seen to have happened, after a read that did not see it.</summary>
    public void CountLate() => Interlocked.Increment(ref _late);

    public override string ToString() =>
        $"{Acknowledged} acknowledged, {Doubtful} without an answer ({Interlocked.Read(ref _late)} seen late), "
        + $"{Refused} refused, {Verified} verified reads";
}

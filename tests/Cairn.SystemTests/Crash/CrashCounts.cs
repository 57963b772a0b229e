namespace Cairn.SystemTests.Crash;

/// <summary>What a crash run did, to show that it did something.</summary>
internal sealed class CrashCounts
{
    private long _acknowledged;
    private long _doubtful;
    private long _refused;
    private long _verified;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Doubtful => Interlocked.Read(ref _doubtful);

    public long Refused => Interlocked.Read(ref _refused);

    public long Verified => Interlocked.Read(ref _verified);

    public void CountAcknowledged() => Interlocked.Increment(ref _acknowledged);

    public void CountDoubtful() => Interlocked.Increment(ref _doubtful);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountVerified() => Interlocked.Increment(ref _verified);

    public override string ToString() =>
        $"{Acknowledged} acknowledged, {Doubtful} without an answer, {Refused} refused, {Verified} verified reads";
}

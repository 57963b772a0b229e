namespace Cairn.Objects.Quorum;

/// <summary>Time and size limits of the object layer over its drives.</summary>
public sealed record QuorumOptions
{
    /// <summary>A drive that has not answered by then has not answered. Also how long a message may live.</summary>
    public TimeSpan DriveDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long an operation that has its quorum, or can no longer get it, waits for the other drives to answer.
    /// </summary>
    public TimeSpan StragglerDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between two attempts at a contended register; the pause is drawn below it.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Attempts at one register before the operation gives up with Conflict.</summary>
    public int MaxAttempts { get; init; } = 16;

    /// <summary>A ballot further ahead of this node's wall clock than this is not followed.</summary>
    public TimeSpan MaxClockLead { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Longest shard that travels inside the record. Above it a file of its own is cheaper than rewriting the bytes in
    /// the index's compactions.
    /// </summary>
    public int InlineShardLimit { get; init; } = 64 * 1024;

    /// <summary>
    /// How long a drive may take longer than the others to write a stripe or to make a shard durable before the upload
    /// goes on without it. Above the pauses that a disk makes while it writes back its cache.
    /// </summary>
    public TimeSpan ShardWritePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an operation whose layout is over waits for the newer one, and how long a node that has a newer one waits
    /// for its operations under way to end by the older.
    /// </summary>
    public TimeSpan NewerLayoutPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Commits on their way; writes wait when there are more.</summary>
    public int CommitBacklog { get; init; } = 4096;

    /// <summary>
    /// Nothing that began before it can still be under way: a replaced drive may count on it.
    /// </summary>
    internal TimeSpan OperationDeadline => 2 * DriveDeadline;
}

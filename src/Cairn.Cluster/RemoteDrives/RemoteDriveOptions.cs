namespace Cairn.Cluster.RemoteDrives;

/// <summary>Limits of drives on other nodes.</summary>
public sealed record RemoteDriveOptions
{
    /// <summary>
    /// Bytes of one message of a shard. Large enough to make the cost of a message small, small enough for the messages of
    /// several shards to share a connection fairly.
    /// </summary>
    public int ChunkBytes { get; init; } = 128 << 10;

    /// <summary>Bytes of a shard on their way, not confirmed by the drive; then its writer waits.</summary>
    public int WindowBytes { get; init; } = 1 << 20;

    /// <summary>How long disposing a writer or a hold waits for the other node to let it go.</summary>
    public TimeSpan DiscardTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

namespace Cairn.Cli.Bench;

/// <summary>Bounds of the load generator.</summary>
internal static class BenchLimits
{
    /// <summary>S3's own limit for one PUT is larger; beyond this a size says nothing new.</summary>
    public const int MaxObjectBytes = 1 << 30;

    /// <summary>Every client is a thread and a connection.</summary>
    public const int MaxClients = 4_096;

    /// <summary>Objects prepared when the user does not say how many: enough to defeat trivial caches.</summary>
    public const int DefaultObjects = 10_000;

    /// <summary>Bytes prepared at most when the user does not say how many objects.</summary>
    public const long DefaultPreparedBytes = 2L << 30;

    /// <summary>Failures in a row after which a client gives up: the endpoint is gone, not busy.</summary>
    public const int MaxFailuresInARow = 50;

    /// <summary>An answer that takes longer counts as a failure.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(60);
}

namespace Cairn.Server;

/// <summary>Bounds of the host. Each one ends something that would otherwise grow with what a client or a user sends.</summary>
internal static class ServerLimits
{
    /// <summary>A day. Zero means that requests in flight are cut off at once.</summary>
    public const int MaxDrainSeconds = 86_400;

    /// <summary>A year: data that is not read for longer may be damaged on more drives than parity covers.</summary>
    public const int MaxScrubSeconds = 31_536_000;

    /// <summary>Those of membership itself.</summary>
    public const int MaxGossipSeconds = 600;

    public const int MaxHeartbeatSeconds = 3_600;

    public const int MaxFailedSeconds = 86_400;

    /// <summary>MiB in a second and drive; no drive is faster.</summary>
    public const int MaxScrubRate = 65_536;

    /// <summary>Signed user metadata of 2 KiB in the shortest names, and what proxies add.</summary>
    public const int MaxHeaderCount = 200;

    /// <summary>Two checks of a balancer that looks every second, and some time for its answers.</summary>
    public static readonly TimeSpan ClusterLeaveTime = TimeSpan.FromSeconds(3);

    /// <summary>Time a client may take to send its header block, against connections held open for nothing.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the pools of common clients keep a connection, so that the client is the one who closes.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(130);
}

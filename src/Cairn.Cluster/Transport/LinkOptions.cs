namespace Cairn.Cluster.Transport;

/// <summary>Limits of the links between nodes.</summary>
public sealed record LinkOptions
{
    /// <summary>How often a sign of life is sent and asked for.</summary>
    public TimeSpan PingPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that says nothing for so long is given up. Several pings, so that one may get lost.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For everything until a new connection can be used, and for the first message of one that was accepted.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the first try to connect again; doubled up to the longest.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Also how late a returned node is noticed, at most.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Calls under way in one session, on either end; more are answered Busy.</summary>
    public int MaxCalls { get; init; } = 4096;

    /// <summary>Sessions a node serves at once: two for each link of each other node, and some that are being replaced.</summary>
    public int MaxSessions { get; init; } = 1024;
}

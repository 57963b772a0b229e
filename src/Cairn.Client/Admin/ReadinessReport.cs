namespace Cairn.Client.Admin;

/// <summary>What a node answers to <c>GET /health/ready</c>.</summary>
public sealed record ReadinessReport
{
    /// <summary>Requests are welcome: the answer is 200, else 503.</summary>
    public required bool IsReady { get; init; }

    public required bool CanRead { get; init; }

    /// <summary>A node that can read and not write is ready: writes are refused one by one, with the reason.</summary>
    public required bool CanWrite { get; init; }

    /// <summary>Everything that is not as it should be; empty when all is well.</summary>
    public required IReadOnlyList<ReadinessReason> Reasons { get; init; }
}

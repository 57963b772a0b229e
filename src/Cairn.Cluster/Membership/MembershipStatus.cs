namespace Cairn.Cluster.Membership;

/// <summary>What an operator wants to know; made on demand.</summary>
public sealed record MembershipStatus
{
    /// <summary>Sorted by id, this node included.</summary>
    public required IReadOnlyList<MemberStatus> Members { get; init; }

    /// <summary>0: this node trusts its timeouts; each step makes it slower to accuse others.</summary>
    public required int HealthScore { get; init; }

    /// <summary>How often this node had to deny that it is silent.</summary>
    public required long Refutations { get; init; }

    /// <summary>Messages sent, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Sent { get; init; }

    /// <summary>Messages taken in, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Received { get; init; }

    /// <summary>Messages, or parts of them, without effect, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }
}

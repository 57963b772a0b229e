using Cairn.Cluster.Membership.Detection;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>What this node knows of another one.</summary>
/// <remarks>
/// Invariants: Liveness is about the record's incarnation and run. A leaving member is never suspected. Accusers is empty
/// unless it is suspected or failed.
/// </remarks>
internal sealed class Member(MemberRecord record)
{
    public MemberRecord Record { get; set; } = record;

    public Liveness Liveness { get; set; }

    public List<NodeId> Accusers { get; } = [];

    /// <summary>When it was suspected, failed or left, whichever it is now.</summary>
    public TimeSpan Since { get; set; }

    /// <summary>When anything came directly from it.</summary>
    public TimeSpan? LastHeard { get; set; }

    /// <summary>The last probe from here was answered to here.</summary>
    public bool IsDirect { get; set; } = true;

    /// <summary>It left and no longer answers: its process has ended.</summary>
    public bool IsGone { get; set; }

    public ClockVerdict ClockVerdict { get; } = new();

    public RoundTripEstimate RoundTrip { get; } = new();

    public ClockSkewEstimate Clock { get; } = new();

    public NodeId Id => Record.Id;

    public string Address => Record.Address;

    /// <summary>May be asked for something: it neither failed nor left.</summary>
    public bool IsPresent => Liveness != Liveness.Failed && !IsGone;

    /// <summary>Nothing is expected of it any more; it is remembered for operators.</summary>
    public bool IsPast => Liveness == Liveness.Failed || Record.State == NodeState.Leaving;

    public NodeState State => Liveness == Liveness.Failed ? NodeState.Failed : Record.State;

    public MemberUpdate ToUpdate(TimeSpan now) =>
        new(Record, Liveness, Accusers, IsPast && now > Since ? now - Since : TimeSpan.Zero);
}

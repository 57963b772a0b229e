namespace Cairn.Cluster.Membership;

/// <summary>Where a node is in its life. All but the last it says of itself; that it failed, others say.</summary>
public enum NodeState : byte
{
    /// <summary>Runs, and has not heard from any other member.</summary>
    Starting = 1,

    /// <summary>Has exchanged state with a member; does not serve yet.</summary>
    Joining = 2,

    /// <summary>Serves.</summary>
    Active = 3,

    /// <summary>Finishes what it has begun and goes, or has gone. Its silence is not a failure.</summary>
    Leaving = 4,

    /// <summary>Kept silent for too long, as far as the members can tell.</summary>
    Failed = 5,
}

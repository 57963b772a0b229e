namespace Cairn.Cluster.Membership;

/// <summary>Is told what changes. Production logs and adjusts routing; a simulation records and checks.</summary>
public interface IMembershipObserver
{
    /// <summary>
    /// Called once for each change, in order, one at a time, outside of all locks. Must return soon and not throw:
    /// the caller is the link's receiver or a timer.
    /// </summary>
    void OnChange(MembershipChange change);
}

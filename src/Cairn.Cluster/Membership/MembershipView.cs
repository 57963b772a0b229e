using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Membership;

/// <summary>All members at one moment, this node among them; does not change.</summary>
public sealed class MembershipView
{
    private readonly Dictionary<NodeId, MemberView> _byId;

    internal MembershipView(MemberView self, IEnumerable<MemberView> others)
    {
        Self = self;
        Members = [.. others.Append(self).OrderBy(member => member.Id)];
        _byId = Members.ToDictionary(member => member.Id);
    }

    public MemberView Self { get; }

    /// <summary>Sorted by id, this node included.</summary>
    public IReadOnlyList<MemberView> Members { get; }

    /// <summary>Null when the id is not known.</summary>
    public MemberView? Find(NodeId id) => _byId.GetValueOrDefault(id);

    /// <summary>The member at an address, if any: of several the one that answers, then the highest incarnation.</summary>
    public MemberView? FindAt(string address) => Members
        .Where(member => member.Address == address)
        .OrderBy(member => member.State == NodeState.Failed)
        .ThenBy(member => member.IsSuspect)
        .ThenByDescending(member => member.Incarnation)
        .FirstOrDefault();
}

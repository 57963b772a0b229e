using Cairn.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Cairn.Cluster.Membership;

/// <summary>Writes what changes among the members into the log.</summary>
public sealed partial class MembershipLog(ILogger logger) : IMembershipObserver
{
    public void OnChange(MembershipChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        // What an operator should look at, as against what comes and goes by itself.
        if (change.Kind is MembershipChangeKind.Failed
            or MembershipChangeKind.DuplicateNode
            or MembershipChangeKind.ClockSkewed
            or MembershipChangeKind.ForeignCluster)
        {
            NodeNeedsAttention(logger, change.Address, change.Node, change.Kind, change.Detail);
        }
        else
        {
            NodeChanged(logger, change.Address, change.Node, change.Kind, change.Detail);
        }
    }

    [LoggerMessage(3100, LogLevel.Information, "Node {Address} ({Node}): {Kind} {Detail}")]
    private static partial void NodeChanged(
        ILogger logger, string address, NodeId node, MembershipChangeKind kind, string detail);

    [LoggerMessage(3101, LogLevel.Warning, "Node {Address} ({Node}): {Kind} {Detail}")]
    private static partial void NodeNeedsAttention(
        ILogger logger, string address, NodeId node, MembershipChangeKind kind, string detail);
}

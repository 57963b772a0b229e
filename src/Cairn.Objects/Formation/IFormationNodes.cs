using Cairn.Cluster.Agreement;

namespace Cairn.Objects.Formation;

/// <summary>The nodes of a store that is being formed or found again.</summary>
public interface IFormationNodes : IAgreementPeers
{
    /// <summary>This node's number.</summary>
    int Self { get; }

    /// <summary>What the arguments call the nodes, by number.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Asks a node what it is; this one too.</summary>
    /// <returns>Null when there was no answer.</returns>
    ValueTask<NodeDescription?> DescribeAsync(int node, CancellationToken cancellationToken);
}

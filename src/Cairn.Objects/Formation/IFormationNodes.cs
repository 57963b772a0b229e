using Cairn.Cluster.Agreement;
using Cairn.Objects.Rebalance;

namespace Cairn.Objects.Formation;

/// <summary>The nodes of a store that is being formed or found again.</summary>
public interface IFormationNodes
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>This node's number.</summary>
    int Self { get; }

    /// <summary>What the arguments, or the layout, call the nodes, by number. Grows, and never changes otherwise.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Asks a node for its vote; this one too. Gives up on its own after a while.</summary>
    /// <param name="node">From 0.</param>
    /// <param name="request">May arrive late, twice, or never.</param>
    /// <param name="cancellationToken">The answer is of no use any more.</param>
    /// <returns>Null when there was no answer.</returns>
    ValueTask<AgreementReply?> AskAsync(int node, AgreementRequest request, CancellationToken cancellationToken);

    /// <summary>Asks a node what it is; this one too.</summary>
    /// <returns>Null when there was no answer.</returns>
    ValueTask<NodeDescription?> DescribeAsync(int node, CancellationToken cancellationToken);

    /// <summary>Asks a node who votes on the layout; this one too.</summary>
    /// <returns>Empty when it knows of no store, or does not answer.</returns>
    ValueTask<IReadOnlyList<string>> GetVotersAsync(int node, CancellationToken cancellationToken);

    /// <summary>Tells a node, or this one, that this one has drives which would like to be part of the store.</summary>
    ValueTask IntroduceAsync(int node, CancellationToken cancellationToken);

    /// <summary>Asks a node how far it has come with the layout; this one too.</summary>
    /// <param name="node">Which.</param>
    /// <param name="epoch">The newest that is known here: a node that is behind looks for it at once.</param>
    /// <param name="cancellationToken">The answer is of no use any more.</param>
    /// <returns>Null when there was no answer, or it does not serve yet.</returns>
    ValueTask<NodeStanding?> GetStandingAsync(int node, long epoch, CancellationToken cancellationToken);
}

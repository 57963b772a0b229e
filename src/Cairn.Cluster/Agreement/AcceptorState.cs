using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>What a node may never forget: its promise, and the last document it accepted.</summary>
/// <param name="Promised">No request below it is accepted any more.</param>
/// <param name="Accepted">With which ballot Document was accepted; Zero: none was.</param>
/// <param name="Document">Accepted, not necessarily agreed.</param>
public sealed record AcceptorState(Ballot Promised, Ballot Accepted, AgreedDocument Document)
{
    public static AcceptorState Empty { get; } = new(Ballot.Zero, Ballot.Zero, AgreedDocument.None);
}

using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>Asks an acceptor for a promise, or, with a document, to accept it.</summary>
/// <param name="Deployment">Of the asking node; the default while it does not know.</param>
/// <param name="Ballot">Of the proposer, for this round.</param>
/// <param name="Document">Null: the first phase.</param>
public sealed record AgreementRequest(DeploymentId Deployment, Ballot Ballot, AgreedDocument? Document = null)
{
    /// <summary>Refused by everybody, with the state; changes nothing.</summary>
    public static AgreementRequest Peek(DeploymentId deployment) => new(deployment, Ballot.Zero);
}

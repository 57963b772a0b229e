using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>Asks an acceptor for a promise, or, with a document, to accept it.</summary>
/// <param name="Ballot">Of the proposer, for this round.</param>
/// <param name="Document">Null: the first phase.</param>
public sealed record AgreementRequest(Ballot Ballot, AgreedDocument? Document = null)
{
    /// <summary>Refused by everybody, with the state; changes nothing.</summary>
    public static AgreementRequest Peek { get; } = new(Ballot.Zero);
}

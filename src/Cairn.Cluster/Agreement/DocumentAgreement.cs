using Cairn.Primitives;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>One document that a majority of the nodes agrees on, changed by compare and set.</summary>
/// <remarks>
/// Purpose: who the drives of the store are has to be one answer, before there is a store that could keep it. Steps of a
/// change: (1) a majority promises to accept nothing older and tells what it accepted; (2) of that the newest is taken,
/// and changed if it is what the change was made for; (3) a majority accepts the outcome.
/// Invariants: two majorities meet, so an agreed document is always among the answers of (1), and is carried on. A document
/// that changes who votes is agreed by those before and those after it, so whoever knows only the former voters meets it
/// there, and goes on with the present ones.
/// Failure: fewer than a majority: nothing is agreed, and what was is unchanged or changed once.
/// See: Rystsov, "CASPaxos: Replicated State Machines without logs", 2018.
/// </remarks>
/// <param name="peers">All nodes.</param>
/// <param name="clock">Of this agreement alone: a node that forgot its promises raises it far ahead.</param>
/// <param name="time">For pauses.</param>
/// <param name="entropy">For pauses.</param>
/// <param name="deployment">Of this node, as far as its own drives know: with others it does not vote.</param>
public sealed class DocumentAgreement(
    IAgreementPeers peers, HybridClock clock, TimeProvider time, IEntropy entropy, DeploymentId deployment = default)
{
    private const int MaxRounds = 16;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    private DeploymentId _deployment = deployment;
    private volatile Electorate _electorate = peers.ElectorateOf(AgreedDocument.None);

    /// <summary>The agreed document, not older than any that was agreed before the call; null without a majority.</summary>
    public async ValueTask<AgreedDocument?> ReadAsync(CancellationToken cancellationToken)
    {
        // A majority that accepted the same in the same round has agreed on it, and nothing has to be written.
        Electorate electorate = _electorate;
        List<AcceptorState>? states = await AskAsync(
            electorate, AgreementRequest.Peek(_deployment), AcceptorVote.Refused, cancellationToken);
        if (states is not null
            && states.DistinctBy(state => state.Accepted).Count() == 1
            && electorate.Covers(peers.ElectorateOf(states[0].Document)))
        {
            return Learn(states[0].Document);
        }

        return (await SettleAsync(cancellationToken))?.Document;
    }

    /// <summary>
    /// The highest version that anyone of a majority has accepted, agreed or not; costs no write. Null without a majority.
    /// </summary>
    public async ValueTask<long?> PeekVersionAsync(CancellationToken cancellationToken) =>
        (await AskAsync(_electorate, AgreementRequest.Peek(_deployment), AcceptorVote.Refused, cancellationToken))?
            .Max(state => state.Document.Version);

    /// <summary>Makes a majority accept what is agreed once more, with a ballot of now.</summary>
    /// <returns>That ballot and the document; null without a majority.</returns>
    internal async ValueTask<(Ballot Ballot, AgreedDocument Document)?> SettleAsync(CancellationToken cancellationToken)
    {
        (Ballot ballot, ChangeResult result) = await RunAsync(null, cancellationToken);
        return result.Outcome == ChangeOutcome.Unknown ? null : (ballot, result.Current);
    }

    /// <summary>Puts a document in the place of its predecessor.</summary>
    /// <param name="next">Its version is one above that of the document it was made from.</param>
    /// <param name="cancellationToken">The outcome is unknown.</param>
    public async ValueTask<ChangeResult> TryChangeAsync(AgreedDocument next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfLessThan(next.Version, 1);
        return (await RunAsync(next, cancellationToken)).Result;
    }

    private async ValueTask<(Ballot Ballot, ChangeResult Result)> RunAsync(
        AgreedDocument? next, CancellationToken cancellationToken)
    {
        bool wasOffered = false;
        for (int round = 1; round <= MaxRounds; round++)
        {
            Electorate electorate = next is null ? _electorate : _electorate.With(peers.ElectorateOf(next));
            Ballot ballot = clock.Next();
            AgreedDocument? newest = await PrepareAsync(electorate, ballot, cancellationToken); // (1)
            if (newest is not null && !electorate.Covers(peers.ElectorateOf(newest)))
            {
                // Others vote by now, or may do.
                _electorate = peers.ElectorateOf(newest);
                continue;
            }

            if (newest is not null)
            {
                AgreedDocument outcome = next?.Version == newest.Version + 1 ? next : newest; // (2)
                bool isOffer = next is not null && outcome.Equals(next);
                AgreementRequest offer = new(outcome.Deployment, ballot, outcome);
                if (await AskAsync(electorate, offer, AcceptorVote.Granted, cancellationToken) is not null) // (3)
                {
                    Learn(outcome);
                    return (ballot, new ChangeResult(
                        isOffer ? ChangeOutcome.Changed
                        : wasOffered && outcome.Version > next!.Version ? ChangeOutcome.Unknown
                        : ChangeOutcome.Superseded,
                        outcome));
                }

                wasOffered |= isOffer;
            }

            // Rivals get out of each other's way by chance.
            double share = (entropy.NextUInt64() >> 11) / (double)(1UL << 53);
            await Task.Delay(LongestPause * share * round / MaxRounds, time, cancellationToken);
        }

        return (Ballot.Zero, new ChangeResult(ChangeOutcome.Unknown, AgreedDocument.None));
    }

    /// <returns>The newest document that may be agreed; null when a rival was in the way, or too few answered.</returns>
    private async ValueTask<AgreedDocument?> PrepareAsync(
        Electorate electorate, Ballot ballot, CancellationToken cancellationToken)
    {
        List<AcceptorState>? promises = await AskAsync(
            electorate, new AgreementRequest(_deployment, ballot), AcceptorVote.Granted, cancellationToken);
        return promises?.MaxBy(state => state.Accepted)!.Document;
    }

    private AgreedDocument Learn(AgreedDocument document)
    {
        _deployment = document.Deployment;
        _electorate = peers.ElectorateOf(document);
        return document;
    }

    /// <returns>The states of a majority that voted like that; null without one.</returns>
    private async ValueTask<List<AcceptorState>?> AskAsync(
        Electorate electorate, AgreementRequest request, AcceptorVote wanted, CancellationToken cancellationToken)
    {
        HashSet<string> silent = [.. electorate.Voters];
        List<Task<(string Voter, AgreementReply? Reply)>> waiting = [.. electorate.Voters.Select(AskOneAsync)];
        Dictionary<string, AcceptorState> states = [];
        while (!electorate.IsMajority(states.Keys) && electorate.IsMajority([.. states.Keys, .. silent]))
        {
            Task<(string, AgreementReply?)> answered = await Task.WhenAny(waiting);
            waiting.Remove(answered);
            (string voter, AgreementReply? reply) = await answered;
            silent.Remove(voter);
            if (reply is null)
            {
                continue;
            }

            clock.Observe(reply.Promised);
            if (reply.Vote == wanted)
            {
                states.Add(voter, reply.State);
            }
        }

        return electorate.IsMajority(states.Keys) ? [.. states.Values] : null;

        async Task<(string, AgreementReply?)> AskOneAsync(string voter) =>
            (voter, await peers.AskAsync(voter, request, cancellationToken));
    }
}

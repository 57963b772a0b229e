using Cairn.Primitives;
using Cairn.Primitives.Clocks;
using Cairn.Primitives.Ids;

namespace Cairn.Cluster.Agreement;

/// <summary>One document that a majority of the nodes agrees on, changed by compare and set.</summary>
/// <remarks>
/// Purpose: who the drives of the store are has to be one answer, before there is a store that could keep it. Steps of a
/// change: (1) a majority promises to accept nothing older and tells what it accepted; (2) of that the newest is taken,
/// and changed if it is what the change was made for; (3) a majority accepts the outcome.
/// Invariants: two majorities meet, so an agreed document is always among the answers of (1), and is carried on.
/// Failure: fewer than a majority: nothing is agreed, and what was is unchanged or changed once.
/// See: Rystsov, "CASPaxos: Replicated State Machines without logs", 2018.
/// </remarks>
public sealed class DocumentAgreement(IAgreementPeers peers, HybridClock clock, TimeProvider time, IEntropy entropy)
{
    private const int MaxRounds = 16;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    /// <summary>The agreed document, not older than any that was agreed before the call; null without a majority.</summary>
    public async ValueTask<AgreedDocument?> ReadAsync(CancellationToken cancellationToken)
    {
        ChangeResult result = await RunAsync(null, cancellationToken);
        return result.Outcome == ChangeOutcome.Unknown ? null : result.Current;
    }

    /// <summary>Puts a document in the place of its predecessor.</summary>
    /// <param name="next">Its version is one above that of the document it was made from.</param>
    /// <param name="cancellationToken">The outcome is unknown.</param>
    public ValueTask<ChangeResult> TryChangeAsync(AgreedDocument next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfLessThan(next.Version, 1);
        return RunAsync(next, cancellationToken);
    }

    private async ValueTask<ChangeResult> RunAsync(AgreedDocument? next, CancellationToken cancellationToken)
    {
        bool wasOffered = false;
        for (int round = 1; round <= MaxRounds; round++)
        {
            Ballot ballot = clock.Next();
            if (await PrepareAsync(ballot, cancellationToken) is { } newest) // (1)
            {
                AgreedDocument outcome = next?.Version == newest.Version + 1 ? next : newest; // (2)
                bool isOffer = next is not null && outcome.Equals(next);
                if (await AskAsync(new AgreementRequest(ballot, outcome), cancellationToken) is not null) // (3)
                {
                    return new ChangeResult(
                        isOffer ? ChangeOutcome.Changed
                        : wasOffered && outcome.Version > next!.Version ? ChangeOutcome.Unknown
                        : ChangeOutcome.Superseded,
                        outcome);
                }

                wasOffered |= isOffer;
            }

            // Rivals get out of each other's way by chance.
            double share = (entropy.NextUInt64() >> 11) / (double)(1UL << 53);
            await Task.Delay(LongestPause * share * round / MaxRounds, time, cancellationToken);
        }

        return new ChangeResult(ChangeOutcome.Unknown, AgreedDocument.None);
    }

    /// <returns>The newest document that may be agreed; null when a rival was in the way, or too few answered.</returns>
    private async ValueTask<AgreedDocument?> PrepareAsync(Ballot ballot, CancellationToken cancellationToken)
    {
        List<AcceptorState>? promises = await AskAsync(new AgreementRequest(ballot), cancellationToken);
        return promises?.MaxBy(state => state.Accepted)!.Document;
    }

    /// <returns>The states of a majority that granted the request; null without one.</returns>
    private async ValueTask<List<AcceptorState>?> AskAsync(AgreementRequest request, CancellationToken cancellationToken)
    {
        int majority = (peers.Count / 2) + 1;
        List<Task<AgreementReply?>> waiting =
            [.. Enumerable.Range(0, peers.Count).Select(node => peers.AskAsync(node, request, cancellationToken).AsTask())];
        List<AcceptorState> granted = [];
        while (granted.Count < majority && granted.Count + waiting.Count >= majority)
        {
            Task<AgreementReply?> answered = await Task.WhenAny(waiting);
            waiting.Remove(answered);
            AgreementReply? reply = await answered;
            if (reply is { IsGranted: true })
            {
                granted.Add(reply.State);
            }
            else if (reply is not null)
            {
                clock.Observe(reply.Promised);
            }
        }

        return granted.Count >= majority ? granted : null;
    }
}

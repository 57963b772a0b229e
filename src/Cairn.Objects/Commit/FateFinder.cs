using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Finds out, and decides where it can, what becomes of a proposal that stayed short of its quorum.</summary>
/// <remarks>
/// Purpose: such an attempt may have taken root. Repeating it under a higher ballot could make one write take effect
/// twice, before and after another one; answering failure could be a lie.
/// Steps: (1) prepare with a higher ballot; (2) where the proposal is what counts, and no younger version exists that
/// may have been acknowledged before this write began, accept it again: done; (3) where it surely was not chosen, make
/// what counts instead chosen under the new ballot (a tombstone where there is nothing), so that nobody can adopt the
/// proposal any more: dead. The same where it is what counts, below a younger version, and nobody has chosen it yet:
/// a slow clock gave it a place in the past. (4) Otherwise nobody can tell.
/// </remarks>
internal sealed class FateFinder(StoreEngine engine, RegisterSettler settler)
{
    private const int MaxAttempts = 4;

    public async ValueTask<ProposalFate> FindAsync(AcceptRound attempt, CancellationToken cancellationToken)
    {
        if (attempt.IsChosen)
        {
            return ProposalFate.Chosen;
        }

        if (attempt.IsWithoutTrace)
        {
            return ProposalFate.Dead;
        }

        Partition partition = attempt.Partition;
        Proposal proposal = attempt.Proposal;
        Ballot above = attempt.Highest;
        for (int turn = 0; turn < MaxAttempts; turn++)
        {
            await settler.PauseAsync(turn, cancellationToken);
            if (!engine.Follow(above))
            {
                return ProposalFate.Unknown;
            }

            // (1)
            PrepareRound round = new(partition, proposal.Key, engine.Clock.Next(), proposal.Slot, engine);
            round.Start();
            await round.WaitAsync(cancellationToken);
            ReplicaViews views = round.ToViews();
            above = round.Highest;
            if (!views.HasQuorum)
            {
                if (round.Highest > round.Ballot)
                {
                    continue;
                }

                return ProposalFate.Unknown;
            }

            (ProposalFate fate, above) = await DecideAsync(attempt, views, round.Ballot, cancellationToken);
            if (fate != ProposalFate.Unknown || above <= round.Ballot)
            {
                return fate;
            }
        }

        return ProposalFate.Unknown;
    }

    /// <returns>Unknown with a ballot above the round's: outbid, try again above it.</returns>
    private async ValueTask<(ProposalFate Fate, Ballot Outbid)> DecideAsync(
        AcceptRound attempt, ReplicaViews views, Ballot ballot, CancellationToken cancellationToken)
    {
        Proposal proposal = attempt.Proposal;
        SlotVerdict verdict = views.Judge(proposal.Slot);
        ValueGroup? winner = verdict.Winner;
        if (winner is not null && proposal.IsHeldAs(winner.Entry))
        {
            if (verdict.Certainty == SlotCertainty.Certain && winner.Ballot == proposal.Ballot)
            {
                return (ProposalFate.Chosen, default);
            }

            // A younger version may have been acknowledged before this write began: the drives that hold it refused
            // this one, and adopting it now would acknowledge a write that no read will ever see as current.
            if (proposal.Birth == proposal.Ballot && views.HighestBirth() > proposal.Birth)
            {
                return IsChosenByNobody(attempt, views, winner)
                    ? await ForceAsync(views.Partition, proposal.AsRemoval(ballot), ProposalFate.Dead, cancellationToken)
                    : (ProposalFate.Unknown, default);
            }

            // (2) The coordinator still has the data, so that it does not matter how few shards the drives hold.
            return verdict.Certainty == SlotCertainty.Certain
                ? (ProposalFate.Chosen, default)
                : await ForceAsync(views.Partition, proposal with { Ballot = ballot }, ProposalFate.Chosen, cancellationToken);
        }

        if (!IsSurelyNotChosen(attempt, views, winner))
        {
            return (ProposalFate.Unknown, default);
        }

        if (winner is not null && winner.Ballot > proposal.Ballot && verdict.Certainty == SlotCertainty.Certain)
        {
            return (ProposalFate.Dead, default);
        }

        // (3)
        if (winner is null)
        {
            return await ForceAsync(views.Partition, proposal.AsRemoval(ballot), ProposalFate.Dead, cancellationToken);
        }

        AcceptRound again = await settler.WriteBackAsync(views, winner, ballot, cancellationToken);
        return (again.IsChosen ? ProposalFate.Dead : ProposalFate.Unknown, again.Highest);
    }

    private async ValueTask<(ProposalFate Fate, Ballot Outbid)> ForceAsync(
        Partition partition, Proposal proposal, ProposalFate fate, CancellationToken cancellationToken)
    {
        AcceptRound round = await settler.ProposeAsync(partition, proposal, cancellationToken);
        return (round.IsChosen ? fate : ProposalFate.Unknown, round.Highest);
    }

    // Too few drives can have taken it under its own ballot: the attempt knows who refused it, which a view, from fewer
    // drives, does not. And had it been chosen under another ballot, a drive of the read quorum would show it under that
    // one; from now on nobody can below ours. A null version has others below it that would have to count instead.
    private static bool IsChosenByNobody(AcceptRound attempt, ReplicaViews views, ValueGroup winner) =>
        !attempt.Proposal.Slot.IsNull
        && winner.Ballot == attempt.Proposal.Ballot
        && (views.Partition.All - attempt.Without - WithoutBy(views, attempt.Proposal)).Count < attempt.Need;

    private static PositionSet WithoutBy(ReplicaViews views, Proposal proposal)
    {
        PositionSet without = default;
        foreach (int position in views.Voting)
        {
            without = views.IsSurelyWithout(position, proposal) ? without.With(position) : without;
        }

        return without;
    }

    // What the attempt was told tells of its own ballot alone. Somebody who met the value on a single drive may have made it
    // certain under a higher ballot meanwhile, on drives that had refused it, and others may have superseded it since. So
    // only what drives show now can rule that out.
    private static bool IsSurelyNotChosen(AcceptRound attempt, ReplicaViews views, ValueGroup? winner)
    {
        Proposal proposal = attempt.Proposal;
        PositionSet without = WithoutBy(views, proposal);
        if (!(without & attempt.Accepted).IsEmpty)
        {
            // A drive that took it shows nothing of it: it was removed, and the removal forgotten.
            return false;
        }

        // Judged under the promise: had the proposal been chosen, it would have been found above the winner.
        return winner is null || winner.Ballot < proposal.Ballot
            || (views.Partition.All - without).Count < attempt.Need;
    }
}

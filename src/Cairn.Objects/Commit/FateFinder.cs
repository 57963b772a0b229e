using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Finds out, and decides where it can, what becomes of a proposal that stayed short of its quorum.</summary>
/// <remarks>
/// Purpose: such an attempt may have taken root. Repeating it under a higher ballot could make one write take effect
/// twice, before and after another one; answering failure could be a lie.
/// Steps: (1) prepare with a higher ballot; where a version is changed, first make certain what is open above it; (2) where
/// the proposal is what counts, and no younger version exists that may have been acknowledged before this write began,
/// accept it again: done; (3) where it surely was not chosen, make what counts instead chosen under the new ballot (a
/// tombstone where there is nothing), so that nobody can adopt the proposal any more: dead. The same where it is what
/// counts, below a younger version, and nobody has chosen it yet: a slow clock, or the time between the drawing of its id
/// and its proposal, gave it a place in the past. (4) Otherwise nobody can tell.
/// </remarks>
internal sealed class FateFinder(StoreEngine engine, RegisterSettler settler)
{
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
        Ballot[] since = RefusalsOf(attempt);

        for (int turn = 0; turn < engine.Options.MaxAttempts; turn++)
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
            if (engine.Environment.Time.GetElapsedTime((attempt.Earlier ?? attempt).Began) > engine.Options.OperationDeadline)
            {
                // A drive may vote by now that has taken the place of one which took the proposal, and knows nothing of it.
                return ProposalFate.Unknown;
            }

            if (!views.HasQuorum)
            {
                if (round.Highest > round.Ballot)
                {
                    continue;
                }

                return ProposalFate.Unknown;
            }

            PositionSet without = WithoutIn(views, proposal, since);
            (ProposalFate fate, above) = await DecideAsync(
                attempt, views, without, round.Ballot, cancellationToken);
            if (fate != ProposalFate.Unknown || above < round.Ballot)
            {
                return fate;
            }

            foreach (int position in without)
            {
                // Nobody else proposes anything under it.
                since[position] = round.Ballot.Next;
            }
        }

        return ProposalFate.Unknown;
    }

    /// <returns>Unknown with a ballot not below the round's: try again above it.</returns>
    private async ValueTask<(ProposalFate Fate, Ballot Outbid)> DecideAsync(
        AcceptRound attempt, ReplicaViews views, PositionSet without, Ballot ballot, CancellationToken cancellationToken)
    {
        Proposal proposal = attempt.Proposal;
        if (!proposal.IsNewVersion && views.OpenAbove(proposal.Slot) is { } open)
        {
            return (
                ProposalFate.Unknown,
                await settler.ClearAsync(proposal.Key, open, cancellationToken) ? ballot : default);
        }

        SlotVerdict verdict = views.Judge(proposal.Slot);
        ValueGroup? winner = verdict.Winner;
        if (winner is not null && proposal.IsHeldAs(winner.Entry))
        {
            if (verdict.Chosen?.Ballot == proposal.Ballot)
            {
                return (ProposalFate.Chosen, default);
            }

            // A younger version may have been acknowledged before this write began: the drives that hold it refused
            // this one, and adopting it now would acknowledge a write that no read will ever see as current.
            if (proposal.IsNewVersion && views.HighestBirth() > proposal.Birth)
            {
                return IsChosenByNobody(attempt, without, winner)
                    ? await ForceAsync(views.Partition, proposal.AsRemoval(ballot), ProposalFate.Dead, cancellationToken)
                    : (ProposalFate.Unknown, default);
            }

            // (2) The coordinator still has the data, so that it does not matter how few shards the drives hold.
            return verdict.Certainty == SlotCertainty.Certain
                ? (ProposalFate.Chosen, default)
                : await ForceAsync(
                    views.Partition,
                    proposal with { Ballot = ballot, ExcludesYounger = views.HasNothingYounger(proposal.Birth) },
                    ProposalFate.Chosen,
                    cancellationToken);
        }

        // Where the slot is empty and a drive still shows the proposal, nobody can have chosen it under a higher ballot and
        // removed it again: that drive would have dropped it. What came to count tells what it was decided on; which says
        // nothing of the same value under another ballot.
        bool isExcluded = winner is null
            ? views.Excludes(proposal)
            : !proposal.IsRemoved && !proposal.IsSameValue(winner.Entry) && winner.Entry.Passes(proposal.Ballot);
        if (!isExcluded && (views.Partition.All - without).Count >= attempt.Need)
        {
            return (ProposalFate.Unknown, default);
        }

        if (verdict.Chosen?.Ballot > proposal.Ballot)
        {
            return (ProposalFate.Dead, default);
        }

        // (3)
        if (winner is null)
        {
            return await ForceAsync(
                views.Partition,
                proposal.AsRemoval(ballot, views.NothingChosenSince(proposal.Slot)),
                ProposalFate.Dead,
                cancellationToken);
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
    private static bool IsChosenByNobody(AcceptRound attempt, PositionSet without, ValueGroup winner) =>
        !attempt.Proposal.Slot.IsNull
        && winner.Ballot == attempt.Proposal.Ballot
        && (attempt.Partition.All - attempt.Without - without).Count < attempt.Need;

    // Above these ballots is what has come to the drives since they refused the proposal. Whoever has the promise that one was
    // refused for may have made it certain under that, though: a removal then leaves a tombstone there, and nothing above.
    private static Ballot[] RefusalsOf(AcceptRound attempt)
    {
        var since = new Ballot[attempt.Partition.Width];
        foreach (int position in attempt.Without & attempt.Answered)
        {
            // Of a position that moves the promise is that of one of its two drives.
            Ballot refusal = attempt.Partition.Drives[position].IsJoint ? Ballot.Zero : attempt.RefusalOf(position);
            since[position] = attempt.Proposal.IsRemoved ? refusal : refusal.Next;
        }

        return since;
    }

    // What the attempt was told tells of its own ballot alone. Somebody who met the value on a single drive may have made it
    // certain under a higher ballot meanwhile, on drives that had refused it, and others may have superseded or removed it
    // since. So only what drives show now, under the promise, can rule that out.
    private static PositionSet WithoutIn(ReplicaViews views, Proposal proposal, Ballot[] since)
    {
        PositionSet without = default;
        foreach (int position in views.Voting)
        {
            without = views.IsSurelyWithout(position, proposal, since[position]) ? without.With(position) : without;
        }

        return without;
    }
}

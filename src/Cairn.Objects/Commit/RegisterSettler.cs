using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>Makes the state of a register certain: phase 1, resolve, and the write-back of what may have been chosen.</summary>
/// <remarks>
/// Steps: (1) prepare with a fresh ballot until R voting drives promise; (2) judge what they hold; drives that were slow or
/// are set aside are heard too before a value counts as too thin; (3) a value that may have been chosen is accepted again
/// under the ballot by W drives, its shards restored where they lack, and the search starts over, so that no two slots
/// are ever written under one ballot.
/// Failure: nothing is decided by giving up in between; the next one who cares begins again.
/// </remarks>
internal sealed class RegisterSettler(StoreEngine engine)
{
    // Enough to go below a handful of removed versions in one call.
    private const int DeepLimit = 64;

    private readonly ShardRestorer _restorer = new(engine);

    public async ValueTask<PreparedRegister> PrepareAsync(
        RegisterKey key, VersionId? slot, CancellationToken cancellationToken)
    {
        Partition partition = engine.PartitionOf(key);
        for (int attempt = 0; attempt < engine.Options.MaxAttempts; attempt++)
        {
            await PauseAsync(attempt, cancellationToken);

            // (1)
            PrepareRound round = new(partition, key, engine.Clock.Next(), slot, engine);
            round.Start();
            await round.WaitAsync(cancellationToken);
            ReplicaViews views = round.ToViews();
            if (!engine.Follow(round.Highest))
            {
                return PreparedRegister.Failed(ObjectError.ReadQuorumLost);
            }

            if (!views.HasQuorum)
            {
                if (round.Highest > round.Ballot)
                {
                    continue;
                }

                return PreparedRegister.Failed(ObjectError.ReadQuorumLost);
            }

            // (2)
            RegisterJudgement judgement = await JudgeAsync(views, slot);
            while (judgement.OpenVerdict.Certainty == SlotCertainty.TooThin && await round.HearMoreAsync(views, cancellationToken))
            {
                judgement = await JudgeAsync(views, slot);
            }

            if (judgement.IsCertain)
            {
                return new PreparedRegister(ObjectError.None, round.Ballot, views, judgement);
            }

            if (judgement.Open is null || judgement.OpenVerdict.Certainty == SlotCertainty.TooThin)
            {
                if (WasOutbid(round.Highest, round.Ballot))
                {
                    continue;
                }

                return PreparedRegister.Failed(ObjectError.ReadQuorumLost);
            }

            // (3)
            AcceptRound again = await WriteBackAsync(
                views, judgement.OpenVerdict.Winner!, round.Ballot, cancellationToken);
            if (!again.IsChosen && !WasOutbid(again.Highest, round.Ballot))
            {
                return PreparedRegister.Failed(ObjectError.ReadQuorumLost);
            }
        }

        return PreparedRegister.Failed(ObjectError.Conflict);
    }

    /// <summary>
    /// Makes one slot certain and clears away values that were never chosen: what counts, or a tombstone where nothing
    /// does, is accepted again under a new ballot. What is open above it comes first.
    /// </summary>
    /// <remarks>
    /// Below its newest live version a drive shows what waits for its commit, and of what is committed only the slot that
    /// it is asked for. So each slot is judged by answers to a question about it: others may be told of a version by the
    /// one drive that missed its removal, which lies hidden on the rest.
    /// </remarks>
    /// <returns>False when it could not be done now.</returns>
    public async ValueTask<bool> ClearAsync(RegisterKey key, VersionId slot, CancellationToken cancellationToken)
    {
        Partition partition = engine.PartitionOf(key);
        VersionId due = slot;
        for (int attempt = 0; attempt < engine.Options.MaxAttempts; attempt++)
        {
            await PauseAsync(attempt, cancellationToken);
            PrepareRound round = new(partition, key, engine.Clock.Next(), due, engine);
            round.Start();
            await round.WaitAsync(cancellationToken);
            ReplicaViews views = round.ToViews();
            if (!engine.Follow(round.Highest) || (!views.HasQuorum && round.Highest <= round.Ballot))
            {
                return false;
            }

            if (!views.HasQuorum)
            {
                continue;
            }

            VersionId? above = views.OpenAbove(due);
            SlotVerdict verdict = views.Judge(due);
            while (above is null
                && verdict.Certainty == SlotCertainty.TooThin
                && await round.HearMoreAsync(views, cancellationToken))
            {
                above = views.OpenAbove(due);
                verdict = views.Judge(due);
            }

            if (above is { } younger)
            {
                due = younger;
                continue;
            }

            (bool isClear, Ballot highest) = verdict.Certainty == SlotCertainty.TooThin
                ? (false, round.Highest)
                : await ClearAsync(views, due, verdict.Winner, round.Ballot, cancellationToken);
            if (isClear && due == slot)
            {
                return true;
            }

            if (!isClear && !WasOutbid(highest, round.Ballot))
            {
                return false;
            }

            due = isClear ? slot : due;
        }

        return false;
    }

    /// <summary>Judges, looking deeper into drives whose view hides what turns out to matter.</summary>
    /// <returns>Certain, or with an open slot, or (both empty and too shallow) not to be told for want of answers.</returns>
    public static async ValueTask<RegisterJudgement> JudgeAsync(ReplicaViews views, VersionId? slot)
    {
        while (true)
        {
            RegisterJudgement judgement = RegisterJudgement.Of(views, slot);
            if (judgement.TooShallow.IsEmpty)
            {
                return judgement;
            }

            foreach (int position in judgement.TooShallow)
            {
                if (!await DeepenAsync(views, position))
                {
                    return judgement;
                }
            }
        }
    }

    /// <summary>Accepts a value again under a ballot that its quorum promised, restoring shards where they lack.</summary>
    public async ValueTask<AcceptRound> WriteBackAsync(
        ReplicaViews views, ValueGroup group, Ballot ballot, CancellationToken cancellationToken)
    {
        Proposal proposal = views.ToProposal(group, ballot);
        AcceptRound round = await ProposeAsync(views.Partition, proposal, cancellationToken);
        if (round.IsChosen || round.LackingShards.IsEmpty)
        {
            return round;
        }

        RestoredShards restored = await _restorer.RestoreAsync(
            views.Partition, proposal, round.LackingShards, cancellationToken);
        return await ProposeAsync(
            views.Partition,
            proposal with
            {
                Positions = (views.Partition.All - round.LackingShards) | restored.Positions,
                InlineShards = restored.Inline,
                InlinePositions = restored.Inline is null ? default : restored.Positions,
            },
            cancellationToken);
    }

    /// <summary>Sends a proposal and waits until it is chosen or has failed.</summary>
    public async ValueTask<AcceptRound> ProposeAsync(
        Partition partition, Proposal proposal, CancellationToken cancellationToken, AcceptRound? earlier = null)
    {
        AcceptRound round = new(partition, proposal, engine.Commits, engine) { Earlier = earlier };
        round.Start();
        await round.WaitAsync(cancellationToken);
        return round;
    }

    /// <summary>Lets a competitor finish: longer from attempt to attempt, and never in step with it.</summary>
    public async ValueTask PauseAsync(int attempt, CancellationToken cancellationToken)
    {
        if (attempt <= 0)
        {
            return;
        }

        double fraction = (engine.Environment.Entropy.NextUInt64() >> 11) / (double)(1UL << 53);
        TimeSpan pause = engine.Options.RetryPause * (fraction * Math.Min(attempt, 8) / 8);
        await Task.Delay(pause, engine.Environment.Time, cancellationToken);
    }

    private async ValueTask<(bool IsClear, Ballot Highest)> ClearAsync(
        ReplicaViews views, VersionId slot, ValueGroup? winner, Ballot ballot, CancellationToken cancellationToken)
    {
        List<ValueGroup> groups = views.GroupsOf(slot);
        if (groups.Count == 0)
        {
            return (true, default);
        }

        AcceptRound again = winner is not null
            ? await WriteBackAsync(views, winner, ballot, cancellationToken)
            : await ProposeAsync(
                views.Partition,
                Proposal.Again(views.Key, groups[0].Entry, 0, ballot).AsRemoval(ballot, views.NothingChosenSince(slot)),
                cancellationToken);
        return (again.IsChosen, again.Highest);
    }

    // By a ballot that can be gone above: a fresh one may do better.
    private bool WasOutbid(Ballot highest, Ballot ballot) => highest > ballot && engine.Follow(highest);

    private static async ValueTask<bool> DeepenAsync(ReplicaViews views, int position)
    {
        RegisterKey key = views.Key;
        ListRequest request = new()
        {
            Space = key.Space,
            Bucket = key.Bucket,
            Prefix = key.Name,
            From = key.Name,
            AllVersions = true,
            OlderThan = views.HorizonOf(position),
            Limit = DeepLimit,
        };
        DriveResult<ListReply> reply = await views.Partition.Drives[position].ListAsync(request);
        if (!reply.IsOk)
        {
            return false;
        }

        Ballot horizon = Ballot.Zero;
        IReadOnlyList<RegisterEntry> entries = [];
        if (reply.Value.Rows.Count > 0 && reply.Value.Rows[0].Name.Span.SequenceEqual(key.Name.Span))
        {
            entries = reply.Value.Rows[0].Entries;
            horizon = reply.Value.Rows[0].IsCut ? entries[^1].Birth : Ballot.Zero;
        }

        views.AddDeeper(position, entries, horizon);
        return true;
    }
}

using Cairn.Drives.Registers;
using Cairn.Objects.Commit.Listing;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>The commit protocol: registers that are linearizable over the drives of their partition.</summary>
/// <remarks>
/// Purpose: one entry per kind of operation; the phases are in AcceptRound, PrepareRound, ReadRound, what follows from
/// answers in ReplicaViews and RegisterJudgement, doubtful outcomes in FateFinder.
/// Concurrency: any caller; writers of one register queue up here so that they do not outbid each other.
/// See: docs/consistency.md.
/// </remarks>
internal sealed class RegisterQuorum
{
    private readonly StoreEngine _engine;
    private readonly KeyedLock _locks = new();
    private readonly ShardRestorer _restorer;
    private readonly RegisterLister _lister;

    public RegisterQuorum(StoreEngine engine)
    {
        _engine = engine;
        _restorer = new ShardRestorer(engine);
        Settler = new RegisterSettler(engine);
        Reader = new RegisterReader(engine, Settler);
        Fates = new FateFinder(engine, Settler);
        _lister = new RegisterLister(engine, Reader);
    }

    internal RegisterSettler Settler { get; }

    private RegisterReader Reader { get; }

    private FateFinder Fates { get; }

    /// <summary>A blind write: one round trip. On success the value is durable at its write quorum.</summary>
    /// <returns>
    /// The value; or WriteQuorumLost / StorageFull / NoSuchBucket (closed) / Conflict: surely not written; or
    /// OutcomeUnknown.
    /// </returns>
    public async ValueTask<ObjectResult<RegisterValue>> WriteAsync(
        RegisterKey key, RegisterDraft draft, CancellationToken cancellationToken)
    {
        await _engine.Commits.AdmitAsync(cancellationToken);
        using KeyedLock.Holder holder = await _locks.AcquireAsync(key, cancellationToken);
        for (int attempt = 0; attempt < _engine.Options.MaxAttempts; attempt++)
        {
            await Settler.PauseAsync(attempt - 1, cancellationToken);
            using StorePlacement.Use use = _engine.Enter();
            Partition partition = use.Placement.PartitionOf(key);
            Proposal proposal = Proposal.Of(key, draft, _engine.Clock.Next());
            if (!CanBeChosen(partition, proposal))
            {
                return ObjectError.WriteQuorumLost;
            }

            AcceptRound round = await ProposeWithDataAsync(partition, proposal, prepared: null, cancellationToken);
            if (round.IsChosen)
            {
                return proposal.ToValue();
            }

            ProposalFate fate = await Fates.FindAsync(round, cancellationToken);
            if (fate == ProposalFate.Chosen)
            {
                return proposal.ToValue();
            }

            ObjectError error = fate == ProposalFate.Unknown ? ObjectError.OutcomeUnknown : ReasonOf(round);
            if (error != ObjectError.None)
            {
                return error;
            }

            if (round.IsFenced && !await _engine.TryAwaitNewerAsync(use.Placement, cancellationToken))
            {
                return ObjectError.WriteQuorumLost;
            }
        }

        return ObjectError.Conflict;
    }

    /// <summary>An atomic read-modify-write (prepare, resolve, make certain, decide, accept).</summary>
    /// <param name="key">The register.</param>
    /// <param name="slot">A slot to resolve besides the current version.</param>
    /// <param name="decide">Pure; may be called again with a newer state after a lost race.</param>
    /// <param name="cancellationToken">The mutation may or may not take effect.</param>
    /// <returns>The accepted value (null for nothing or a removal), or the decision's or the quorum's error.</returns>
    public ValueTask<ObjectResult<RegisterValue?>> MutateAsync(
        RegisterKey key,
        VersionId? slot,
        Func<ResolvedRegister, MutationDecision> decide,
        CancellationToken cancellationToken) =>
        MutateAsync(key, slot, (state, _) => new ValueTask<MutationDecision>(decide(state)), cancellationToken);

    /// <summary>As above, with a decision that may read other registers.</summary>
    /// <remarks>
    /// The decision runs while a read quorum has promised this attempt's ballot, and again for each new ballot. So a
    /// writer that first changes what the decision reads, and then writes to this register, either is seen by the
    /// decision or makes the attempt lose: a fence between two registers. An attempt that may have taken root is only
    /// made certain; its draft is never accepted as a new write without a new decision.
    /// </remarks>
    public async ValueTask<ObjectResult<RegisterValue?>> MutateAsync(
        RegisterKey key,
        VersionId? slot,
        Func<ResolvedRegister, CancellationToken, ValueTask<MutationDecision>> decide,
        CancellationToken cancellationToken)
    {
        await _engine.Commits.AdmitAsync(cancellationToken);
        using KeyedLock.Holder holder = await _locks.AcquireAsync(key, cancellationToken);
        for (int attempt = 0; attempt < _engine.Options.MaxAttempts; attempt++)
        {
            await Settler.PauseAsync(attempt, cancellationToken);
            using StorePlacement.Use use = _engine.Enter();
            long started = _engine.Environment.Time.GetTimestamp();
            PreparedRegister prepared = await Settler.PrepareAsync(key, slot, cancellationToken);
            if (prepared.Error != ObjectError.None)
            {
                if (prepared.Error == ObjectError.ReadQuorumLost && use.Placement != _engine.Placement)
                {
                    continue;
                }

                return prepared.Error;
            }

            MutationDecision decision = await decide(prepared.ToResolved(), cancellationToken);
            if (decision.Draft is not { } draft || decision.Error != ObjectError.None)
            {
                return new ObjectResult<RegisterValue?>(decision.Error, null);
            }

            // Never another one: drives that promised in one layout are not those that accept in a later one.
            Partition partition = prepared.Views!.Partition;
            Proposal proposal = ProposalOf(key, draft, prepared);
            if (!CanBeChosen(partition, proposal))
            {
                return ObjectError.WriteQuorumLost;
            }

            if (IsTooLateFor(started))
            {
                return ObjectError.Conflict;
            }

            AcceptRound round = await ProposeWithDataAsync(partition, proposal, started, cancellationToken);
            ProposalFate fate = await Fates.FindAsync(round, cancellationToken);
            if (fate == ProposalFate.Chosen)
            {
                return new ObjectResult<RegisterValue?>(ObjectError.None, proposal.IsRemoved ? null : proposal.ToValue());
            }

            ObjectError error = fate == ProposalFate.Unknown ? ObjectError.OutcomeUnknown : ReasonOf(round);
            if (error != ObjectError.None)
            {
                return error;
            }

            if (round.IsFenced && !await _engine.TryAwaitNewerAsync(use.Placement, cancellationToken))
            {
                return ObjectError.WriteQuorumLost;
            }
        }

        return ObjectError.Conflict;
    }

    /// <summary>A linearizable read.</summary>
    /// <returns>The state, or ReadQuorumLost.</returns>
    public async ValueTask<ObjectResult<ResolvedRegister>> ReadAsync(
        RegisterKey key, VersionId? slot, bool withInline, CancellationToken cancellationToken)
    {
        while (true)
        {
            using StorePlacement.Use use = _engine.Enter();
            ObjectResult<ResolvedRegister> read = await Reader.ReadAsync(key, slot, withInline, cancellationToken);
            if (read.Error != ObjectError.ReadQuorumLost || use.Placement == _engine.Placement)
            {
                return read;
            }
        }
    }

    /// <summary>A run of registers in key order, each resolved, merged from enough drives to see every commit.</summary>
    /// <remarks>
    /// With a delimiter, a name below a common prefix is evidence that the prefix is not empty; the rest of the prefix is
    /// skipped. Registers without a live version are left out (with AllVersions: with no version at all).
    /// </remarks>
    /// <returns>Rows up to the limit (of entries), or ReadQuorumLost.</returns>
    public async ValueTask<ObjectResult<RegisterPage>> ListAsync(
        ListRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            using StorePlacement.Use use = _engine.Enter();
            ObjectResult<RegisterPage> page = await _lister.ListAsync(request, use.Placement, cancellationToken);
            if (page.Error != ObjectError.ReadQuorumLost || use.Placement == _engine.Placement)
            {
                return page;
            }
        }
    }

    private static Proposal ProposalOf(RegisterKey key, RegisterDraft draft, PreparedRegister prepared)
    {
        Ballot? keptBirth = null;
        if (draft is { Slot: { IsNull: true }, KeepsBirth: true })
        {
            keptBirth = NullVersionOf(prepared)?.Entry.Birth;
        }

        // A version whose id was drawn before is new although its birth is below the ballot.
        Proposal proposal = Proposal.Of(key, draft, prepared.Ballot, keptBirth);
        return proposal with
        {
            IsNewVersion = proposal.IsNewVersion || !(draft.IsRemoval || IsLive(prepared.Judgement, proposal.Slot)),
            ExcludesYounger = prepared.Views!.HasNothingYounger(proposal.Birth),

            // A removal tells nothing, so that drives that forget it remember all of it: its writer may ask for it, too.
            AloneSince = draft is { IsRemoval: false, Slot: { } slot } ? prepared.Views.NothingChosenSince(slot) : null,
        };
    }

    private static bool IsLive(RegisterJudgement state, VersionId slot) =>
        state.Asked?.Entry.Slot == slot || state.Current?.Entry.Slot == slot;

    private static ValueGroup? NullVersionOf(PreparedRegister prepared) =>
        prepared.Judgement.Asked is { Entry.Slot.IsNull: true } asked ? asked
        : prepared.Judgement.Current is { Entry.Slot.IsNull: true } current ? current
        : null;

    // The promises that a proposal rests on may have been lost with a replaced drive, which votes again by the time that
    // one sent from now on arrives.
    private bool IsTooLateFor(long prepared) =>
        _engine.Environment.Time.GetElapsedTime(prepared) > _engine.Options.DriveDeadline;

    /// <summary>Sends a proposal; drives that lack data it names get it first if they are needed.</summary>
    /// <param name="partition">The drives.</param>
    /// <param name="proposal">The proposal.</param>
    /// <param name="prepared">When the promises were asked for that it rests on, if it rests on any.</param>
    /// <param name="cancellationToken">Leaves the fate open.</param>
    private async ValueTask<AcceptRound> ProposeWithDataAsync(
        Partition partition, Proposal proposal, long? prepared, CancellationToken cancellationToken)
    {
        AcceptRound round = await Settler.ProposeAsync(partition, proposal, cancellationToken);
        if (round.IsChosen || round.LackingShards.IsEmpty)
        {
            return round;
        }

        RestoredShards restored = await _restorer.RestoreAsync(
            partition, proposal, round.LackingShards, cancellationToken);
        return restored.Positions.IsEmpty || (prepared is { } time && IsTooLateFor(time))
            ? round
            : await Settler.ProposeAsync(
                partition,
                proposal with { InlineShards = restored.Inline, InlinePositions = restored.Positions },
                cancellationToken,
                earlier: round);
    }

    /// <summary>Enough drives are there; asked before the first of them is, so that a refusal leaves nothing behind.</summary>
    private static bool CanBeChosen(Partition partition, Proposal proposal)
    {
        int votes = 0;
        foreach (int position in proposal.Positions & partition.Writable())
        {
            votes += partition.Drives[position].IsAcceptor ? 1 : 0;
        }

        return votes >= partition.WriteQuorumFor(proposal.DataShards);
    }

    /// <summary>Why a proposal that is surely dead failed; None when it may be tried again under a higher ballot.</summary>
    private ObjectError ReasonOf(AcceptRound round)
    {
        if (round.IsBucketClosed)
        {
            return ObjectError.NoSuchBucket;
        }

        if (round.Highest >= round.Proposal.Ballot)
        {
            return _engine.Follow(round.Highest) ? ObjectError.None : ObjectError.WriteQuorumLost;
        }

        return round.IsFenced ? ObjectError.None
            : round.IsFull ? ObjectError.StorageFull
            : ObjectError.WriteQuorumLost;
    }
}

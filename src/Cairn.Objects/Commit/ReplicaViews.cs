using Cairn.Drives.Registers;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>What several drives hold of one register, and what follows from it.</summary>
/// <remarks>
/// Purpose: the decision which value of a slot counts (resolve). Pure: no calls, no clock.
/// Rule, from the highest ballot down: a value that is committed anywhere counts; one that W voting drives hold under
/// one ballot is chosen; one that c heard drives hold while u voting drives are unheard may have been chosen when
/// c + u >= W; otherwise it was not, and under the promises of the heard drives cannot be any more, so the next lower
/// one is looked at. Without promises (plain reads) the last step is not available, and nothing below an open question
/// may be used.
/// Across slots: an entry that excludes younger versions tells of those below its ballot that they were not chosen. They
/// may have been decided on another state than the one that has been seen since.
/// See: docs/consistency.md.
/// </remarks>
internal sealed class ReplicaViews(
    RegisterKey key, VersionId? asked, Partition partition, IRecordPieces records)
{
    private readonly List<HeldEntry> _held = [];
    private readonly Ballot[] _horizons = new Ballot[partition.Width];
    private readonly RegisterView?[] _views = new RegisterView?[partition.Width];

    public RegisterKey Key => key;

    public Partition Partition => partition;

    /// <summary>Drives that answered, voting or not.</summary>
    public PositionSet Heard { get; private set; }

    /// <summary>Drives whose silence about a value means that they do not hold it.</summary>
    public PositionSet Voting { get; private set; }

    /// <summary>The heard drives promised to accept nothing below the ballot of the question.</summary>
    public bool IsPromised { get; init; }

    /// <summary>Drives that were asked again after all others had answered.</summary>
    public PositionSet AskedAgain { get; init; }

    public bool HasQuorum => Voting.Count >= partition.ReadQuorum;

    public void Add(int position, RegisterView view)
    {
        Heard = Heard.With(position);
        Voting = view.IsVoting ? Voting.With(position) : Voting;
        _views[position] = view;
        foreach (RegisterEntry entry in view.Entries)
        {
            _held.Add(new HeldEntry(position, view.IsVoting, view is JointView joint && joint.IsHalfHeld(entry), entry));
            if (entry is { IsCommitted: true, IsRemoved: false } && entry.Birth > _horizons[position])
            {
                _horizons[position] = entry.Birth;
            }
        }
    }

    /// <summary>Adds entries below a drive's horizon, which then lies at <paramref name="horizon"/>.</summary>
    public void AddDeeper(int position, IReadOnlyList<RegisterEntry> entries, Ballot horizon)
    {
        bool isVoting = Voting.Contains(position);
        foreach (RegisterEntry entry in entries)
        {
            if (!_held.Exists(held => held.Position == position
                && held.Entry.Slot == entry.Slot && held.Entry.Ballot == entry.Ballot))
            {
                // What two drives of a moving position hold deep down is not told apart.
                _held.Add(new HeldEntry(position, isVoting, partition.Drives[position].IsJoint, entry));
            }
        }

        _horizons[position] = horizon;
    }

    /// <summary>Entries of this drive are known down to this birth; older versions may be hidden.</summary>
    public Ballot HorizonOf(int position) => _horizons[position];

    /// <summary>Voting drives that show nothing of a slot, and may have something committed in it below their horizon.</summary>
    /// <remarks>A drive that shows what is open in a slot shows what is committed in it, too; of a joint position each drive.</remarks>
    public PositionSet MayHide(VersionId slot)
    {
        // The null version may have been born at any time.
        Ballot birth = slot.IsNull ? Ballot.Zero : slot.Birth;
        PositionSet hiding = default;
        foreach (int position in Voting)
        {
            bool isShown = !partition.Drives[position].IsJoint
                && _held.Exists(held => held.Position == position && held.Entry.Slot == slot);
            bool mayHide = !isShown && _horizons[position] > birth;
            hiding = mayHide ? hiding.With(position) : hiding;
        }

        return hiding;
    }

    /// <summary>What was heard, to be completed with new answers of some of the drives.</summary>
    public ReplicaViews AskingAgain(PositionSet again)
    {
        ReplicaViews rest = new(key, asked, partition, records) { AskedAgain = again };
        foreach (int position in Heard - again)
        {
            rest.Add(position, _views[position]!);
        }

        return rest;
    }

    public bool IsEmpty => _held.Count == 0;

    /// <summary>
    /// A read quorum of voting drives answered when the ballot was known to them: it shows whatever was acknowledged
    /// before the ballot was drawn.
    /// </summary>
    public bool HasQuorumSince(Ballot ballot)
    {
        int drives = 0;
        foreach (int position in Voting)
        {
            drives += IsPromised || _views[position]!.Promised >= ballot ? 1 : 0;
        }

        return drives >= partition.ReadQuorum;
    }

    /// <summary>
    /// Whether a live value is not left over from before a removal that the other drives have forgotten already.
    /// </summary>
    /// <remarks>
    /// Drives answer at different times, and a removal is forgotten once all of them hold it. So the silence of a drive
    /// that may have forgotten something younger says nothing about what was written since, and a read quorum must not
    /// be made of it; unless a holder of the value was asked after it: had the removal been forgotten by then, the holder
    /// would have had it before.
    /// </remarks>
    public bool IsBacked(ValueGroup value)
    {
        if (IsPromised || !(value.Holders & AskedAgain).IsEmpty)
        {
            return true;
        }

        int backing = 0;
        foreach (int position in Voting)
        {
            RegisterView view = _views[position]!;
            backing += !view.MayHaveForgotten(value.Entry.Slot, value.Ballot) || IsShownDeeper(position, value) ? 1 : 0;
        }

        return backing >= partition.ReadQuorum;
    }

    /// <summary>The highest birth in any slot, chosen or not.</summary>
    public Ballot HighestBirth()
    {
        Ballot highest = default;
        foreach ((_, _, _, RegisterEntry entry) in _held)
        {
            highest = entry.Birth > highest ? entry.Birth : highest;
        }

        return highest;
    }

    /// <summary>The slots that any heard drive holds, the one with the youngest entry first.</summary>
    public List<VersionId> Slots()
    {
        List<(VersionId Slot, Ballot Birth)> slots = [];
        foreach ((_, _, _, RegisterEntry entry) in _held)
        {
            int known = slots.FindIndex(slot => slot.Slot == entry.Slot);
            if (known < 0)
            {
                slots.Add((entry.Slot, entry.Birth));
            }
            else if (entry.Birth > slots[known].Birth)
            {
                slots[known] = (entry.Slot, entry.Birth);
            }
        }

        slots.Sort(static (left, right) => right.Birth.CompareTo(left.Birth));
        return slots.ConvertAll(slot => slot.Slot);
    }

    public Ballot YoungestIn(VersionId slot)
    {
        Ballot youngest = default;
        foreach ((_, _, _, RegisterEntry entry) in _held)
        {
            youngest = entry.Slot == slot && entry.Birth > youngest ? entry.Birth : youngest;
        }

        return youngest;
    }

    /// <summary>The values of a slot, highest ballot first.</summary>
    /// <remarks>
    /// The same bytes on both sides of another value (tags set, changed, and set back) are two values, or the older
    /// one's commit would vouch for the younger.
    /// </remarks>
    public List<ValueGroup> GroupsOf(VersionId slot)
    {
        List<HeldEntry> entries = _held.FindAll(held => held.Entry.Slot == slot);
        entries.Sort(static (left, right) => right.Entry.Ballot.CompareTo(left.Entry.Ballot));
        List<ValueGroup> groups = [];
        foreach (HeldEntry held in entries)
        {
            if (groups.Count == 0 || !groups[^1].IsSameValue(held.Entry))
            {
                groups.Add(new ValueGroup(held.Entry));
            }

            groups[^1].Add(held);
        }

        return groups;
    }

    public SlotVerdict Judge(VersionId slot)
    {
        int unheard = partition.Width - Voting.Count;
        bool hasLeftovers = false;
        List<ValueGroup> groups = GroupsOf(slot);
        foreach (ValueGroup group in groups)
        {
            if (group.Committed?.Ballot == group.Ballot)
            {
                return new SlotVerdict(SlotCertainty.Certain, group, hasLeftovers, group.Committed);
            }

            int dataShards = DataShardsOf(group.Entry);
            int need = partition.WriteQuorumFor(dataShards);
            if (group.VotersAtBallot.Count >= need)
            {
                return new SlotVerdict(SlotCertainty.Certain, group, hasLeftovers, group.Entry);
            }

            if (group.Committed is { } committed)
            {
                return new SlotVerdict(SlotCertainty.Certain, group, hasLeftovers, committed);
            }

            if (!IsPromised || (!IsExcluded(group.Entry) && PossibleVotersOf(group, groups).Count + unheard >= need))
            {
                return new SlotVerdict(
                    HoldersOfData(group).Count >= dataShards ? SlotCertainty.MaybeChosen : SlotCertainty.TooThin,
                    group,
                    hasLeftovers);
            }

            hasLeftovers = true;
        }

        return new SlotVerdict(SlotCertainty.Certain, null, hasLeftovers);
    }

    /// <summary>The youngest version above this slot that is not certain: to be settled before anything is made of the slot.</summary>
    /// <remarks>Or it could still come to count when somebody has seen what is below it as the current version.</remarks>
    public VersionId? OpenAbove(VersionId slot)
    {
        foreach (VersionId other in Slots())
        {
            if (other == slot)
            {
                return null;
            }

            if (Judge(other).Certainty != SlotCertainty.Certain)
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Under the promises: no live version born later counts, and none can by what was accepted so far.</summary>
    public bool HasNothingYounger(Ballot birth)
    {
        if (!IsPromised || !HasQuorum)
        {
            return false;
        }

        foreach (int position in Voting)
        {
            // Below a removed version that the drive still shows as live it may hide one that counts.
            if (_horizons[position] > birth)
            {
                return false;
            }
        }

        foreach (VersionId slot in Slots())
        {
            if (YoungestIn(slot) <= birth)
            {
                return true;
            }

            SlotVerdict verdict = Judge(slot);
            if (verdict.Certainty != SlotCertainty.Certain
                || (verdict.Winner is { Entry.IsRemoved: false } live && live.Entry.Birth > birth))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// From this ballot on nothing that somebody wrote was chosen in the slot, be it a removal, under the promises; null
    /// when that cannot be told. What cleared away a leftover does not count.
    /// </summary>
    /// <remarks>
    /// What is chosen stays until it is superseded, and a removal until all drives have forgotten it. So where nothing
    /// counts there may have been something up to where the drives forgot last; but a drive that shows anything of the slot
    /// has dropped nothing for a removal above that.
    /// </remarks>
    public Ballot? NothingChosenSince(VersionId slot)
    {
        SlotVerdict verdict = Judge(slot);
        if (!IsPromised || !HasQuorum || !MayHide(slot).IsEmpty || verdict.Certainty != SlotCertainty.Certain)
        {
            return null;
        }

        if (verdict.Winner is { } winner)
        {
            return winner.Entry.IsRemoved ? winner.Entry.AloneSince ?? winner.Ballot.Next : winner.Ballot.Next;
        }

        Ballot? lowest = null;
        foreach (int position in Voting)
        {
            Ballot floor = _views[position]!.Floor;
            lowest = lowest < floor ? lowest : floor;
        }

        foreach ((_, bool isVoting, _, RegisterEntry entry) in _held)
        {
            lowest = isVoting && entry.Slot == slot && entry.Ballot < lowest ? entry.Ballot : lowest;
        }

        return lowest;
    }

    /// <summary>A drive shows the proposal, under its own ballot, and another version that tells that it was not chosen.</summary>
    public bool Excludes(Proposal proposal) => _held.Exists(held =>
        held.Entry.Slot == proposal.Slot && held.Entry.Ballot == proposal.Ballot && IsExcluded(held.Entry));

    // Proposed above its ballot under the promises of a read quorum: one of those drives would have shown it.
    private bool IsExcluded(RegisterEntry entry) => _held.Exists(held => held.Entry.Excludes(entry));

    /// <summary>Voting drives that hold the value, or may have held it under its ballot.</summary>
    /// <remarks>
    /// A drive that accepts a pending value again under a higher ballot no longer shows the lower one. When that attempt
    /// to make it certain failed, and another value lies between the two ballots, the same value stands in two groups:
    /// the drives of the higher one may have been among those that chose it under the lower one. And one that has forgotten a
    /// removal shows nothing.
    /// </remarks>
    private PositionSet PossibleVotersOf(ValueGroup group, List<ValueGroup> groups)
    {
        PositionSet voters = group.Voters;
        foreach (ValueGroup other in groups)
        {
            voters = other.Ballot > group.Ballot && other.IsSameValue(group.Entry) ? voters | other.Voters : voters;
        }

        // A drive that promised early shows a removal that waits for its commit; it came, and all drives forgot it, before
        // the next one promised.
        foreach (int position in group.Entry.IsRemoved ? Voting : default)
        {
            voters = _views[position]!.MayHaveForgotten(group.Entry.Slot, group.Ballot) ? voters.With(position) : voters;
        }

        return voters;
    }

    /// <summary>Drives that hold all data of the value, be it under an older value of the slot.</summary>
    public PositionSet HoldersOfData(ValueGroup group)
    {
        PositionSet holders = group.Holders;
        if (group.Entry.Data.Count > 0)
        {
            foreach ((int position, _, _, RegisterEntry entry) in _held)
            {
                if (entry.Slot == group.Entry.Slot && entry.Data.SequenceEqual(group.Entry.Data))
                {
                    holders = holders.With(position);
                }
            }
        }

        return holders;
    }

    public int DataShardsOf(RegisterEntry entry)
    {
        if (entry.Data.Count == 0)
        {
            return 0;
        }

        int weakest = 1;
        foreach (DataPiece piece in records.GetPieces(key.Space, entry.Body))
        {
            weakest = Math.Max(weakest, piece.Code.DataShards);
        }

        return weakest;
    }

    /// <summary>Whether this drive never held the proposal's value, under its ballot or a higher one, and never will.</summary>
    /// <param name="position">The drive.</param>
    /// <param name="proposal">The proposal.</param>
    /// <param name="since">What came to the drive since a time when it was without is not below this ballot.</param>
    public bool IsSurelyWithout(int position, Proposal proposal, Ballot since)
    {
        if (!IsPromised || !Voting.Contains(position))
        {
            return false;
        }

        foreach ((int holder, _, _, RegisterEntry entry) in _held)
        {
            if (holder != position || entry.Slot != proposal.Slot)
            {
                continue;
            }

            // A committed successor may have dropped it; what is pending drops nothing.
            if (entry.Ballot >= proposal.Ballot && (entry.IsCommitted || proposal.IsSameValue(entry)))
            {
                return false;
            }
        }

        // It may have held the value, and its removal, and have forgotten both, and hold something else by now; unless nothing
        // has come to it since that could have been either, or a drive shows what the commit of that removal would have
        // dropped: all drives commit a removal before the first one forgets it.
        Ballot own = proposal.IsRemoved ? proposal.Ballot : proposal.Ballot.Next;
        Ballot floor = _views[position]!.Floor;
        return floor < proposal.Ballot || floor < since || IsAnyKeptBelow(since > own ? since : own, proposal, position);
    }

    /// <summary>The value under the ballot that the drives have promised.</summary>
    public Proposal ToProposal(ValueGroup group, Ballot ballot) =>
        Proposal.Again(key, group.Entry, DataShardsOf(group.Entry), ballot) with
        {
            ExcludesYounger = HasNothingYounger(group.Entry.Birth),
        };

    /// <summary>The value with the inline shards that came along with the views.</summary>
    public RegisterValue ToValue(ValueGroup group)
    {
        RegisterEntry entry = group.Entry;
        if (entry.Data.Count == 0)
        {
            return RegisterValue.Of(entry);
        }

        ReadOnlyMemory<byte>?[]? shards = null;
        foreach (int position in group.Holders)
        {
            // A drive sends the shard of its own idea of the current version (or of the slot asked for).
            if (_views[position] is { HasInline: true } view && Owns(view, entry))
            {
                shards ??= new ReadOnlyMemory<byte>?[partition.Width];
                shards[position] = view.Inline;
            }
        }

        return RegisterValue.Of(entry) with { InlineShards = shards ?? [] };
    }

    // Another drive may have shown it before the commit of a removal that it held already.
    private bool IsAnyKeptBelow(Ballot ballot, Proposal proposal, int asked) => _held.Exists(held =>
        held.Entry.Slot == proposal.Slot
        && held.Entry.Ballot < ballot
        && ((held.Position == asked && !partition.Drives[asked].IsJoint) || !_held.Exists(other =>
            other.Position == held.Position
            && other.Entry is { IsRemoved: true, IsCommitted: false }
            && other.Entry.Slot == proposal.Slot
            && other.Entry.Ballot >= proposal.Ballot)));

    // Of a position that moves it is not known which of the two drives has it.
    private bool IsShownDeeper(int position, ValueGroup value) =>
        value.Holders.Contains(position) && !partition.Drives[position].IsJoint;

    private bool Owns(RegisterView view, RegisterEntry entry)
    {
        foreach (RegisterEntry held in view.Entries)
        {
            if (!held.IsRemoved && (asked is null || held.Slot == asked))
            {
                return held.Data.Count > 0 && held.Data[0] == entry.Data[0];
            }
        }

        return false;
    }
}

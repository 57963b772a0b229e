using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>What the answers of a quorum say about a register: its state, or what must happen before it can be told.</summary>
/// <param name="Current">The newest live value, when nothing is open.</param>
/// <param name="Asked">The live value of the slot asked for, when nothing is open.</param>
/// <param name="Open">A slot that must be made certain first.</param>
/// <param name="OpenVerdict">Its verdict.</param>
/// <param name="TooShallow">Drives that may hide older versions which matter now.</param>
/// <param name="IsTorn">The answers are of different times, and together tell of a state that may never have been.</param>
/// <param name="Unbacked">Drives whose live value others may have forgotten the removal of: to be asked again.</param>
internal readonly record struct RegisterJudgement(
    ValueGroup? Current,
    ValueGroup? Asked,
    VersionId? Open,
    SlotVerdict OpenVerdict,
    PositionSet TooShallow,
    bool IsTorn = false,
    PositionSet Unbacked = default)
{
    public bool IsCertain => Open is null && TooShallow.IsEmpty && !IsTorn && Unbacked.IsEmpty;

    /// <summary>Judges the current version, and a slot if one is asked for.</summary>
    /// <remarks>
    /// From the youngest slot down to the first live one. Each drive shows its entries only down to its own newest live
    /// version (its horizon); when that one turns out to be removed, its silence about older ones says nothing: neither that
    /// it lacks a value, nor that it lacks what has superseded one.
    /// Torn: drive 1 answers, then a version is put that misses drive 2, then the one before it is removed (or gets other
    /// tags), then drive 2 answers. Nobody shows the new version, and the removal lets an older one come to light that
    /// was never current. A change younger than the version that counts is therefore only believed when a read quorum
    /// answered that knew it: one of them has what was acknowledged before.
    /// </remarks>
    public static RegisterJudgement Of(ReplicaViews views, VersionId? asked)
    {
        ValueGroup? current = null;
        Ballot newest = Ballot.Zero;
        foreach (VersionId slot in views.Slots())
        {
            if (current is not null && views.YoungestIn(slot) < current.Entry.Birth)
            {
                break;
            }

            SlotVerdict verdict = views.Judge(slot);
            if (verdict.Certainty != SlotCertainty.Certain)
            {
                PositionSet hiding = slot == asked ? default : views.MayHide(slot);
                return hiding.IsEmpty
                    ? new RegisterJudgement(null, null, slot, verdict, default)
                    : new RegisterJudgement(null, null, null, default, hiding);
            }

            newest = verdict.Winner is { } winner && winner.Ballot > newest ? winner.Ballot : newest;
            if (Live(verdict.Winner) is { } live && (current is null || live.Entry.Birth > current.Entry.Birth))
            {
                current = live;
            }
        }

        // Last, since an open version above it has to be settled first.
        ValueGroup? askedValue = null;
        if (asked is { } wanted)
        {
            SlotVerdict verdict = views.Judge(wanted);
            if (verdict.Certainty != SlotCertainty.Certain)
            {
                return new RegisterJudgement(null, null, wanted, verdict, default);
            }

            askedValue = Live(verdict.Winner);
        }

        bool isTorn = newest > (current?.Entry.Birth ?? Ballot.Zero) && !views.HasQuorumSince(newest);
        PositionSet unbacked = UnbackedIn(views, current) | UnbackedIn(views, askedValue);
        return new RegisterJudgement(
            current, askedValue, null, default, TooShallowFor(views, current), isTorn, unbacked);
    }

    private static PositionSet UnbackedIn(ReplicaViews views, ValueGroup? value) =>
        value is not null && !views.IsBacked(value) ? value.Holders : default;

    private static ValueGroup? Live(ValueGroup? winner) => winner is { Entry.IsRemoved: false } ? winner : null;

    private static PositionSet TooShallowFor(ReplicaViews views, ValueGroup? current)
    {
        Ballot floor = current?.Entry.Birth ?? Ballot.Zero;
        PositionSet shallow = default;
        foreach (int position in views.Voting)
        {
            if (views.HorizonOf(position) > floor)
            {
                shallow = shallow.With(position);
            }
        }

        return shallow;
    }
}

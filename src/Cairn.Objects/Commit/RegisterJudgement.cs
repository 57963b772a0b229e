using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>What the answers of a quorum say about a register: its state, or what must happen before it can be told.</summary>
/// <param name="Current">The newest live value, when nothing is open.</param>
/// <param name="Asked">The live value of the slot asked for, when nothing is open.</param>
/// <param name="Open">A slot that must be made certain first.</param>
/// <param name="OpenVerdict">Its verdict.</param>
/// <param name="TooShallow">Drives that may hide older versions which matter now.</param>
internal readonly record struct RegisterJudgement(
    ValueGroup? Current,
    ValueGroup? Asked,
    VersionId? Open,
    SlotVerdict OpenVerdict,
    PositionSet TooShallow)
{
    public bool IsCertain => Open is null && TooShallow.IsEmpty;

    /// <summary>Judges the current version, and a slot if one is asked for.</summary>
    /// <remarks>
    /// From the youngest slot down to the first live one. Each drive shows its entries only down to its own newest live
    /// version (its horizon); when that one turns out to be removed, its silence about older ones says nothing.
    /// </remarks>
    public static RegisterJudgement Of(ReplicaViews views, VersionId? asked)
    {
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

        ValueGroup? current = null;
        foreach (VersionId slot in views.Slots())
        {
            if (current is not null && views.YoungestIn(slot) < current.Entry.Birth)
            {
                break;
            }

            SlotVerdict verdict = views.Judge(slot);
            if (verdict.Certainty != SlotCertainty.Certain)
            {
                return new RegisterJudgement(null, null, slot, verdict, default);
            }

            if (Live(verdict.Winner) is { } live && (current is null || live.Entry.Birth > current.Entry.Birth))
            {
                current = live;
            }
        }

        return new RegisterJudgement(current, askedValue, null, default, TooShallowFor(views, current));
    }

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

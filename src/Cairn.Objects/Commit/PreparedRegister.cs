using Cairn.Primitives.Ids;

namespace Cairn.Objects.Commit;

/// <summary>A register whose state is certain while its quorum keeps the promise of a ballot; or why there is none.</summary>
internal readonly record struct PreparedRegister(
    ObjectError Error, Ballot Ballot, ReplicaViews? Views, RegisterJudgement Judgement)
{
    public static PreparedRegister Failed(ObjectError error) => new(error, default, null, default);

    public ResolvedRegister ToResolved() => new(
        Judgement.Current is { } current ? RegisterValue.Of(current.Entry) : null,
        Judgement.Asked is { } asked ? RegisterValue.Of(asked.Entry) : null);
}

namespace Cairn.Testing.Histories;

/// <summary>A checker's answer about one history.</summary>
/// <param name="Outcome">Whether an order exists.</param>
/// <param name="Explanation">How far an order can be found, and what stands in its way; empty when one exists.</param>
internal sealed record Verdict(VerdictOutcome Outcome, string Explanation)
{
    public static Verdict Good { get; } = new(VerdictOutcome.Linearizable, "");
}

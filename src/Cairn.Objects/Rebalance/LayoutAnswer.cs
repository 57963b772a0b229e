using Cairn.Objects.Layout;

namespace Cairn.Objects.Rebalance;

/// <summary>What was planned or done.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Plan">What moves where; null where there is no plan.</param>
/// <param name="Problem">A sentence for people; empty when it is done.</param>
public sealed record LayoutAnswer(LayoutOutcome Outcome, LayoutPlan? Plan = null, string Problem = "");

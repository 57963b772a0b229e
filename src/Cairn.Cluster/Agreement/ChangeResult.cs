namespace Cairn.Cluster.Agreement;

/// <summary>How an attempt to change the document ended.</summary>
/// <param name="Outcome">Whether it took effect.</param>
/// <param name="Current">The agreed document, as far as known.</param>
public readonly record struct ChangeResult(ChangeOutcome Outcome, AgreedDocument Current);

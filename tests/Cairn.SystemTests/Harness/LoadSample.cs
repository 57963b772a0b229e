namespace Cairn.SystemTests.Harness;

/// <summary>One request of a steady load.</summary>
/// <param name="IsWrite">A PUT; else a GET.</param>
/// <param name="At">When it began, since the load began.</param>
/// <param name="Took">Until its last byte, or its failure.</param>
/// <param name="Failure">What went wrong; null when nothing did.</param>
internal sealed record LoadSample(bool IsWrite, TimeSpan At, TimeSpan Took, string? Failure);

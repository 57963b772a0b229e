namespace Cairn.Client.Admin;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Code">leaving, readQuorum, writeQuorum, layout, clockSkew or timeout.</param>
/// <param name="IsBlocking">It alone makes the node not ready.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ReadinessReason(string Code, bool IsBlocking, string Message);

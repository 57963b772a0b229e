namespace Cairn.Client.Admin;

/// <summary>A node that waits to be part of the store.</summary>
public sealed record LayoutCandidate(string Node, IReadOnlyList<string> Drives);

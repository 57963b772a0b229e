namespace Cairn.Objects.Formation;

/// <summary>The node must not join with these arguments or drives; the message says why and what to do.</summary>
public sealed class FormationException(string message) : Exception(message);

namespace Cairn.Objects.Healing;

/// <summary>Healing cannot go on now. Caught where a run begins, which tries again after a pause.</summary>
internal sealed class HealInterruptedException(string message) : Exception(message);

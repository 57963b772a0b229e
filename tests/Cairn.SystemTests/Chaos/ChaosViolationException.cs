namespace Cairn.SystemTests.Chaos;

/// <summary>The cluster showed what no order of the writes can explain.</summary>
internal sealed class ChaosViolationException(string message) : Exception(message);

namespace Cairn.Testing.Simulation;

/// <summary>The process that was to answer is gone. The call may or may not have taken effect.</summary>
internal sealed class ProcessKilledException(string process) : Exception($"Process {process} was killed.");

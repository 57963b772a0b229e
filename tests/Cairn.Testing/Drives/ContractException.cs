namespace Cairn.Testing.Drives;

/// <summary>An implementation broke its contract.</summary>
public sealed class ContractException(string message) : Exception(message);

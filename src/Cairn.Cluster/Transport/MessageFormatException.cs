namespace Cairn.Cluster.Transport;

/// <summary>A message that does not follow its format: cut, too long, or of another release.</summary>
public sealed class MessageFormatException(string message) : Exception(message);

namespace Cairn.Server.Composition;

/// <summary>The node must not start; the message is for the operator and says what to do.</summary>
internal sealed class NodeStartException(string message) : Exception(message);

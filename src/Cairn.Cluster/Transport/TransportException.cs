namespace Cairn.Cluster.Transport;

/// <summary>A connection to another node that could not be made or had to be ended. The message is for the operator.</summary>
public sealed class TransportException(TransportFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public TransportFault Fault => fault;
}

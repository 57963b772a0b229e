namespace Cairn.Cluster.Transport;

/// <summary>Takes a one-way message, and returns at once.</summary>
/// <param name="operation">The service's own number.</param>
/// <param name="message">Valid during the call.</param>
public delegate void MessageHandler(byte operation, ReadOnlyMemory<byte> message);

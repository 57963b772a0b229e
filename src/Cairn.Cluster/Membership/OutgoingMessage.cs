namespace Cairn.Cluster.Membership;

/// <summary>A message that the protocol wants sent.</summary>
internal readonly record struct OutgoingMessage(string Address, byte[] Bytes);
